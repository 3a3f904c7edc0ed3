"""A pack against its checksums, against files made anew, and against a run record."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256

import pytest
from evidence_builders import (
    FILE,
    OCTOBER,
    RANKING,
    RUN,
    SETTINGS,
    SNAPSHOT,
    a_pack,
    entries,
    recorded,
    the_files,
)

from mailaudit.errors import PackError
from mailaudit.evidence.archive import archive_of
from mailaudit.evidence.check import asked_of, broken_record, difference, read_pack
from mailaudit.evidence.checksums import CHECKSUMS, checksums_of, read_checksums
from mailaudit.evidence.circumstances import DATA, RECORD, digest_of, plain
from mailaudit.evidence.circumstances import SETTINGS as SETTINGS_FILE
from mailaudit.evidence.pack import README
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import CalendarDay, WorkCalendar
from mailaudit.model.ranking import TrendPoint
from mailaudit.model.rules import Rules
from mailaudit.model.run_record import Entry, Made
from mailaudit.model.usage import Counts


def test_pack_as_it_was_made_is_untouched() -> None:
    """Every file but the list of checksums is on it."""
    pack = a_pack()
    assert pack.is_untouched
    assert pack.untouched == pack.listed == len(pack.files) - 1
    asked = asked_of(pack, FILE)
    assert (str(asked.period), asked.edition, asked.digest) == ("2026-10", 1, "11" * 32)
    assert (asked.audience, asked.language) == (Audience.PUBLIC, "vi")


def test_files_changed_missing_and_added_are_named() -> None:
    """Packed anew by somebody who left the checksums as they were."""
    files = dict(the_files())
    files["reports/a.html"] += b" "
    del files[README]
    files["reports/c.html"] = b"new"
    pack = a_pack(files)
    assert (pack.changed, pack.missing, pack.added) == (
        ("reports/a.html",),
        (README,),
        ("reports/c.html",),
    )
    assert not pack.is_untouched


def test_file_changed_in_place_is_named() -> None:
    """The ZIP file's own checksum finds it, and it is not said to be missing."""
    content = archive_of(the_files()).replace(b"<p>a</p>", b"<p>z</p>")
    pack = read_pack(content, FILE)
    assert (pack.changed, pack.missing, pack.added) == (("reports/a.html",), (), ())


@pytest.mark.parametrize(
    "listed",
    [
        None,
        b"",
        b"no checksums\n",
        b"\xff\xfe",
        b"0" * 64 + b"  ../../etc/passwd\n",
        b"0" * 64 + b"  \x1b[2J\n",
        (b"0" * 64 + b"  a\n") * 2,
        b"0" * 10_000_000,
    ],
)
def test_pack_without_usable_checksums_is_none(listed: bytes | None) -> None:
    """Missing, empty, no such list, a name that leads elsewhere, a name twice, too long."""
    files = {name: one for name, one in the_files().items() if name != CHECKSUMS}
    with pytest.raises(PackError) as refused:
        a_pack(files if listed is None else files | {CHECKSUMS: listed})
    assert str(refused.value) == (
        "pack.zip is not a pack of mailaudit: it has no list of checksums, or one that can't be"
        " read. Ask whoever made it for the file as it was made."
    )


def test_checksums_are_those_of_sha256sum() -> None:
    """A digest, two spaces, the name; in the order of the names."""
    text = checksums_of({"b": b"2", "a/c": b"1"}).decode()
    assert text == f"{sha256(b'1').hexdigest()}  a/c\n{sha256(b'2').hexdigest()}  b\n"
    assert read_checksums(text.encode()) == {
        "a/c": sha256(b"1").hexdigest(),
        "b": sha256(b"2").hexdigest(),
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (DATA, b"{}"),
        (DATA, b"not JSON"),
        (DATA, b"[" * 100_000),
        (DATA, b'{"period": "2026-13", "edition": 1, "sha256": "' + b"1" * 64 + b'"}'),
        (DATA, b'{"period": "2026-10", "edition": "1", "sha256": "' + b"1" * 64 + b'"}'),
        (DATA, b'{"period": "2026-10", "edition": 1, "sha256": "\\u001b[2J"}'),
        (DATA, b'{"period": ["2026-10"], "edition": 1}'),
        (DATA, b'{"period": "2026-10", "edition": true, "sha256": "' + b"1" * 64 + b'"}'),
        (
            DATA,
            b'{"period": "2026-10", "edition": 1'
            + b"0" * 30
            + b', "sha256": "'
            + b"1" * 64
            + b'"}',
        ),
        (DATA, b" " * 2_000_000),
        (SETTINGS_FILE, b'{"audience": "all", "language": "vi", "despite_difference": false}'),
        (SETTINGS_FILE, b'{"audience": "it", "language": "../x", "despite_difference": false}'),
        (SETTINGS_FILE, b'{"audience": "it", "language": "vi", "despite_difference": 1}'),
        (SETTINGS_FILE, b'["audience"]'),
    ],
)
def test_pack_that_does_not_say_what_it_is_is_refused(name: str, content: bytes) -> None:
    """Whatever stands where month, audience and language should."""
    files = {key: one for key, one in the_files().items() if key != CHECKSUMS} | {name: content}
    pack = a_pack(files | {CHECKSUMS: checksums_of(files)})
    assert pack.is_untouched
    with pytest.raises(PackError, match="it does not say of which month and for whom it is"):
        asked_of(pack, FILE)


def test_difference_names_files_and_where_it_comes_from() -> None:
    """Each kind of cause by its file and the keys that differ."""
    made = the_files(
        rules=Rules(min_sent_days=5),
        snapshot=replace(SNAPSHOT, edition=2, digest="22" * 32),
        calendar=WorkCalendar(off=frozenset({date(2026, 10, 5)})),
        settings=replace(SETTINGS, events="other"),
        page=b"<p>other</p>",
    )
    found = difference(a_pack(), made)
    assert found.files == (
        README,
        "calendar.json",
        "data.json",
        "reports/a.html",
        "rules.json",
        "settings.json",
    )
    assert found.causes == {
        "data.json": ("edition", "sha256"),
        "rules.json": ("min_sent_days",),
        "calendar.json": ("off",),
        "settings.json": ("events",),
    }


def test_difference_of_versions_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the program and of a library."""
    pack = a_pack()
    monkeypatch.setattr("mailaudit.evidence.circumstances.version", lambda name: f"9.{len(name)}")
    assert difference(pack, the_files()).causes == {"versions.json": ("libraries", "mailaudit")}


def test_same_files_do_not_differ() -> None:
    """Made twice of the same."""
    found = difference(a_pack(), the_files())
    assert (found.files, found.causes) == ((), {})


def test_keys_of_a_hostile_pack_are_not_repeated() -> None:
    """What is said of a difference is in words of our own."""
    files = dict(the_files()) | {DATA: b'{"\\u001b[2J": 1}'}
    keys = difference(a_pack(files), the_files()).causes[DATA]
    assert "edition" in keys
    assert not any("\x1b" in key for key in keys)


def said(pack_entries: list[Entry], record: Entry | None) -> str:
    pack = a_pack(the_files(record=record))
    error = broken_record(pack, pack_entries)
    return "" if error is None else str(error)


def test_run_record_is_held_against_the_pack() -> None:
    """Whole; changed; cut at its end; another one; without the entry of the pack."""
    before = entries(RUN, replace(RUN, made=Made.REPORTS))
    pack = a_pack(the_files(record=before[-1]))
    whole = recorded(pack, *(entry.run for entry in before))
    assert broken_record(pack, whole) is None
    assert broken_record(pack, entries(*(entry.run for entry in whole), RUN, RUN)) is None

    changed = [replace(whole[0], run=replace(RUN, account="x")), *whole[1:]]
    assert said(changed, before[-1]) == (
        "The run record breaks at entry 1: it was changed, or one before it was removed."
    )
    assert said(whole[:1], before[-1]) == (
        "The run record is not the one this pack was made with: entry 2 is missing or another one;"
        " the newest is 1."
    )
    assert said([], before[-1]).endswith("entry 2 is missing or another one; the newest is 0.")
    anew = entries(*(replace(entry.run, account="x") for entry in whole))  # a chain that holds
    assert "entry 2 is missing or another one" in said(anew, before[-1])
    assert said(whole[:2], before[-1]) == (
        "The run record has no entry of this pack; its newest is 2. The pack was made from another"
        " store or one that could not be written, or entries were removed from the end."
    )


@pytest.mark.parametrize("kept", [b"{}", b"[]", b'{"entry": [1], "sha256": {}}', b'{"entry": 1}'])
def test_run_record_of_a_forged_pack_is_not_taken_for_it(kept: bytes) -> None:
    """Whatever stands where the newest entry should."""
    files = {key: one for key, one in the_files().items() if key != CHECKSUMS} | {RECORD: kept}
    pack = a_pack(files | {CHECKSUMS: checksums_of(files)})
    assert "is missing or another one" in str(broken_record(pack, recorded(pack, RUN)))


def test_circumstances_hold_no_account_and_no_person() -> None:
    """Neither the reading account nor who is recorded."""
    text = b"".join(the_files(record=entries(RUN)[0]).values()).decode()
    assert "reader-account" not in text
    assert '"an"' not in text


def test_values_are_exact_and_in_one_order() -> None:
    """Fractions as such, sets sorted, days as ISO text, whatever the order they came in."""
    calendar = WorkCalendar(
        off=frozenset({date(2026, 9, 2), date(2026, 1, 1)}),
        days=(CalendarDay(date(2026, 1, 1), working=False, name="Tết"),),
    )
    shown = json.dumps(plain((Rules(target=Fraction(7, 8)), calendar)))
    assert '"target": "7/8"' in shown
    assert '"off": ["2026-01-01", "2026-09-02"]' in shown
    assert digest_of(frozenset({"a", "b"})) == digest_of(frozenset({"b", "a"}))


def test_months_compared_with_stand_with_their_editions() -> None:
    """So that another edition of an earlier month is named as a cause."""
    points = (
        TrendPoint(OCTOBER.shifted(-1), Counts(), (), edition=3),
        TrendPoint(OCTOBER, Counts(), ()),
    )
    from mailaudit.evidence.circumstances import circumstances

    ranking = replace(RANKING, trend=points)
    files = circumstances(SNAPSHOT, ranking, Rules(), WorkCalendar(), SETTINGS)
    assert json.loads(files[DATA])["earlier_months"] == [{"edition": 3, "period": "2026-09"}]
