"""`mailaudit verify`: what was changed in a pack, and whether the store makes it again."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from packed_months import OCTOBER, PACK, copy_of, members, pack, two_months, verify
from stored_months import SOURCE

from mailaudit.evidence.archive import archive_of
from mailaudit.evidence.checksums import CHECKSUMS, checksums_of
from mailaudit.model.outcome import Reason, Unmeasured
from mailaudit.store import SnapshotStore

CONFIG = ("--config", "mailaudit.toml", "--lang", "en")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and a pack of it."""
    folder = two_months(tmp_path_factory.mktemp("packed"))
    assert pack(folder).code == 0
    return folder


@pytest.fixture
def folder(packed: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return copy_of(packed, tmp_path / "copy")


def repack(folder: Path, change: Callable[[dict[str, bytes]], None], *, listed: bool) -> None:
    """The pack with other files; with checksums that fit them where `listed`."""
    files = members((folder / PACK).read_bytes())
    change(files)
    if listed:
        del files[CHECKSUMS]
        files[CHECKSUMS] = checksums_of(files)
    (folder / PACK).write_bytes(archive_of(files))


def forge(folder: Path, statement: str) -> None:
    """Changes the run record, its guards taken away."""
    with closing(sqlite3.connect(folder / "mailaudit.db", isolation_level=None)) as connection:
        for trigger in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS run_record_{trigger}")
        connection.execute(statement)


def test_untouched_pack_is_explained(packed: Path) -> None:
    """What each digest covers, and that nothing was changed; no store is needed."""
    content = (packed / PACK).read_bytes()
    with SnapshotStore.at(packed / "mailaudit.db") as store:
        seal = store.load(OCTOBER).digest
    count = len(members(content)) - 1
    ran = verify(packed, PACK)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [
        f"{PACK}: SHA-256 {sha256(content).hexdigest()}",
        "  covers every byte of the pack. Compare it with what whoever made the pack says: who"
        " makes a whole pack anew makes its checksums too.",
        f"SHA256SUMS: {count} digests",
        "  cover every byte of one file each, of all files of the pack but this one.",
        f"SHA-256 of the data: {seal}",
        "  covers the staff list of 2026-10, edition 1, and what each mailbox did. Only the store"
        " can show it: --config",
        f"Untouched: {count} files",
        "RESULT: the pack is untouched. It was not compared with the store: --config",
    ]


def test_store_makes_the_same_pack_again(packed: Path) -> None:
    """In the language and for the audience of the pack, whatever the terminal speaks."""
    before = (packed / "mailaudit.db").read_bytes()
    ran = verify(packed, PACK, *CONFIG)
    assert ran.code == 0, ran.out + ran.err
    count = len(members((packed / PACK).read_bytes()))
    assert ran.out.splitlines()[-3:] == [
        f"The store makes the same {count} files again.",
        "The run record holds: 1 entries, each with the one before it. This pack proves them up to"
        " entry 0; what came later, a later pack.",
        "RESULT: the pack is untouched, and the store makes it again.",
    ]
    assert (packed / "mailaudit.db").read_bytes() == before


def test_changed_missing_and_added_files_are_named(folder: Path) -> None:
    """And the store is not asked."""

    def change(files: dict[str, bytes]) -> None:
        files["rules.json"] += b" "
        del files["tables/ranking.csv"]
        files["tables/more.csv"] = b"x"

    repack(folder, change, listed=False)
    ran = verify(folder, PACK, *CONFIG)
    assert ran.code == 7
    assert ran.out.splitlines()[-7:] == [
        "Changed: 1 files",
        "  rules.json",
        "Missing: 1 files",
        "  tables/ranking.csv",
        "Added: 1 files",
        "  tables/more.csv",
        "RESULT: the pack was changed after it was made.",
    ]


def test_many_changed_files_are_counted(folder: Path) -> None:
    """The first twenty are named."""
    repack(folder, lambda files: files.update({f"x{n}": b"" for n in range(30)}), listed=False)
    ran = verify(folder, PACK)
    assert ran.code == 7
    assert "Added: 30 files" in ran.out
    assert ran.out.count("\n  x") == 20
    assert "\n  …\n" in ran.out


def test_change_around_the_files_is_reported(folder: Path) -> None:
    """The date of a file in the ZIP file's list, say."""
    content = bytearray((folder / PACK).read_bytes())
    content[content.index(b"PK\x01\x02") + 12] ^= 1
    (folder / PACK).write_bytes(bytes(content))
    ran = verify(folder, PACK, "--lang", "en")
    assert ran.code == 7
    assert ran.out.splitlines()[-2:] == [
        "The ZIP file itself is not as mailaudit writes it: it was changed around its files, or"
        " made by another program.",
        "RESULT: the pack was changed after it was made.",
    ]


def test_change_inside_a_file_is_one_cause(folder: Path) -> None:
    """It is the file that was changed, and not the ZIP file around it."""
    content = (folder / PACK).read_bytes()
    changed = content.replace(b"<!DOCTYPE html>", b"<!doctype html>", 1)
    (folder / PACK).write_bytes(changed)
    ran = verify(folder, PACK, "--lang", "en")
    assert ran.code == 7
    assert "Changed: 1 files" in ran.out
    assert "The ZIP file itself" not in ran.out


def test_pack_made_anew_by_somebody_does_not_fit_the_store(folder: Path) -> None:
    """Its own checksums fit; the store makes another report, and has no record of the pack."""

    def change(files: dict[str, bytes]) -> None:
        page = files["reports/mailaudit-2026-10.html"]
        files["reports/mailaudit-2026-10.html"] = page.replace(b"Ngu", b"Ngo") + b" "

    repack(folder, change, listed=True)
    assert verify(folder, PACK).code == 0
    ran = verify(folder, PACK, *CONFIG)
    assert ran.code == 7
    assert ran.out.splitlines()[-5:] == [
        "The store makes 1 files differently:",
        "  reports/mailaudit-2026-10.html",
        "  nothing in the pack says why: somebody changed it and its checksums, or this machine"
        " sets or compresses files differently",
        "Error: The run record has no entry of this pack; its newest is 1. The pack was made from"
        " another store or one that could not be written, or entries were removed from the end.",
        "RESULT: the pack is untouched, but the store does not bear it out.",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (
            "[report]",
            "[rules]\nmin_sent_days = 5\n[report]",
            "  likely from other rules in the configuration (rules.json: min_sent_days)",
        ),
        (
            'name = "Ví Dụ"',
            'name = "Khác"',
            "  likely from another setting of reports, list of events or wording"
            " (settings.json: organisation)",
        ),
        (
            "[report]",
            '[annex]\nissuer = "Sở"\n[report]',
            "  likely from another setting of reports, list of events or wording"
            " (settings.json: documents)",
        ),
        (
            "[report]",
            '[report]\ncontact = "Phòng 12"',
            "  likely from another setting of reports, list of events or wording"
            " (settings.json: documents)",
        ),
    ],
)
def test_difference_of_the_configuration_is_named(
    folder: Path, old: str, new: str, cause: str
) -> None:
    """The files that differ, and the key it is likely to come from."""
    config = folder / "mailaudit.toml"
    text = config.read_text("utf-8")
    assert old in text
    config.write_text(text.replace(old, new), "utf-8")
    ran = verify(folder, PACK, *CONFIG)
    assert ran.code == 7
    assert "files differently:" in ran.out
    assert cause in ran.out.splitlines()


@pytest.mark.slow
def test_pack_of_an_edition_that_was_replaced_is_made_again(folder: Path) -> None:
    """And the edition that has replaced it is named."""
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        at = OCTOBER.end + timedelta(days=2)
        retry = store.retry(OCTOBER, SOURCE, now=at)
        assert retry is not None
        retry.record([Unmeasured(box, at, Reason.SERVER_BUSY, "") for box in retry.pending])
        retry.finish(at)
    ran = verify(folder, PACK, *CONFIG)
    assert ran.code == 0, ran.out + ran.err
    assert "Edition 2 of 2026-10 has replaced edition 1, which the pack is of." in ran.out


@pytest.mark.slow
def test_other_calendar_is_named(folder: Path) -> None:
    """A day off more."""
    source = Path(__file__).parents[2] / "config" / "calendar-vn.toml"
    text = source.read_text("utf-8")
    day = '\n[[days]]\ndate = 2026-10-06\nworking = false\nname = "Thêm"\nsource = "QĐ"\n'
    (folder / "calendar.toml").write_text(text + day, "utf-8")
    config = folder / "mailaudit.toml"
    config.write_text(config.read_text("utf-8") + '[calendar]\nfile = "calendar.toml"\n', "utf-8")
    ran = verify(folder, PACK, *CONFIG)
    assert ran.code == 7
    assert "  likely from another calendar (calendar.json: days, off)" in ran.out.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE run_record SET account = 'somebody else'",
            "Error: The run record breaks at entry 1: it was changed, or one before it was"
            " removed.",
        ),
        (
            "DELETE FROM run_record",
            "Error: The run record has no entry of this pack; its newest is 0. The pack was made"
            " from another store or one that could not be written, or entries were removed from the"
            " end.",
        ),
    ],
)
def test_forged_run_record_shows(folder: Path, statement: str, said: str) -> None:
    """An entry changed, and the record cut at its end; the files are the same."""
    forge(folder, statement)
    ran = verify(folder, PACK, *CONFIG)
    assert ran.code == 7
    assert "files again." in ran.out
    assert ran.out.splitlines()[-2] == said


@pytest.mark.slow
def test_pack_of_a_store_that_could_not_be_written_says_so(folder: Path) -> None:
    """A copy of the store without the entry: the pack is not the copy's."""
    other = folder / "other"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("other"))
    forge(other, "DELETE FROM run_record")
    ran = verify(other, folder / PACK, *CONFIG)
    assert ran.code == 7
    assert "has no entry of this pack; its newest is 0" in ran.out
