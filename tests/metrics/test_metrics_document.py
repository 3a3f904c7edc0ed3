"""docs/metrics.md and the program say the same: every worked example is recomputed."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

from metrics_builders import (
    DEPARTMENTS,
    OCTOBER,
    a_measurement,
    a_person,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    counts_of,
    earlier,
    october,
    sent_on,
)

from mailaudit.locale import language
from mailaudit.metrics.measure import is_regular, last_due_day, measure
from mailaudit.metrics.rank import rank
from mailaudit.metrics.scope import Scope, exempted_by
from mailaudit.metrics.tables import MailboxSums
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.gaps import HIDDEN_GAPS, Gaps
from mailaudit.model.lineage import EventKind, UnitEvent
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.roster import Staff
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, Rules
from mailaudit.model.usage import Counts, Measurement, StaffState
from mailaudit.model.use import Use, people_by_use, use_of
from mailaudit.settings.thresholds import Thresholds
from mailaudit.store import SnapshotStore
from mailaudit.store.collection import StoredCollection

DOCUMENT = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
RULES = Rules()
CALENDAR = WorkCalendar()
ENGLISH, VIETNAMESE = language("en"), language("vi")

Row = dict[str, str]


def table_after(marker: str) -> list[Row]:
    """The rows of the table below a line of the document, by column heading."""
    after = DOCUMENT.split(f"{marker}\n")
    assert len(after) == 2, f"{marker!r} must stand in the document once"
    lines = re.match(r"\n*((?:\|.*\n)+)", after[1])
    assert lines is not None, f"no table below {marker!r}"
    head, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[1].splitlines()
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def example(name: str) -> list[Row]:
    """The rows of a worked example."""
    rows = table_after(f"<!-- example: {name} -->")
    assert rows
    return rows


def printed(share: Fraction | None) -> str:
    """A share as the document prints it."""
    return ENGLISH.percent(share)


def whole(row: Row, column: str) -> int:
    """A count of the document."""
    return int(row[column])


def day_of(text: str) -> date | None:
    """`2026-10-28`, with or without the name of the day, which must then be right."""
    if not text:
        return None
    day = date.fromisoformat(text.split()[-1])
    assert text in (f"{day:%Y-%m-%d}", f"{day:%a %Y-%m-%d}")
    return day


def counts_in(row: Row) -> Counts:
    """The sums of a row with the columns B, exempt, excluded, D, C, U, F4."""
    return Counts(
        staff=whole(row, "B"),
        exempt=whole(row, "exempt"),
        excluded=whole(row, "excluded"),
        in_scope=whole(row, "D"),
        provided=whole(row, "C"),
        unmeasured=whole(row, "U"),
        regular=whole(row, "F4"),
    )


def person_in(row: Row) -> tuple[Staff, Outcome | None]:
    """The person and the server's answer of a row of the states."""
    box = "" if row["Mailbox"] == "yes" else None
    person = a_person(category=row["Category"], status=row["Status"], mailbox=box)
    if person.mailbox is None:
        return person, None
    if row["Server's answer"] == "complete":
        return person, an_activity(person.mailbox)
    return person, an_unmeasured(person.mailbox, Reason(row["Server's answer"]))


def seen_in(row: Row, person: Staff, at: datetime) -> Outcome:
    """What one collection of the weekly example saw by itself."""
    assert person.mailbox is not None
    if not row["Seen sent"].isdigit():
        return Unmeasured(person.mailbox, at, Reason(row["Seen sent"]))
    counts = [whole(row, column) for column in ("Seen sent", "Seen received", "Seen read")]
    return Activity(person.mailbox, at, (DayActivity(date(2026, 10, 5), *counts),))


def test_collections_of_one_month_count_as_documented(tmp_path: Path) -> None:
    """The weekly example, collected into a store: what is seen each time, and what then counts."""
    person, at = a_person(), OCTOBER.start + timedelta(days=7)
    snapshot = a_snapshot([a_unit()], [person], [])
    with SnapshotStore.at(tmp_path / "s.db") as store:
        for row in example("weekly"):
            if row["Collection"] == "after the end":
                at = OCTOBER.end
            collection: StoredCollection | None
            if row["Collection"] == "asked again":
                collection = store.retry(OCTOBER, snapshot.source, now=at)
            else:
                collection = store.begin(OCTOBER, snapshot.roster, snapshot.source, now=at)
            assert collection is not None
            collection.record([seen_in(row, person, at)])
            collection.finish(at)
            [counted] = store.load(OCTOBER).outcomes.values()
            if isinstance(counted, Activity):
                [day] = counted.days
                assert [day.sent, day.received, day.read] == [
                    whole(row, column) for column in ("Sent", "Received", "Read")
                ]
            else:
                assert [row["Sent"], row["Received"]] == [counted.reason.value, ""]
            at += timedelta(days=7)


def states_measured() -> Measurement:
    """The people of the states example, measured."""
    people = [person_in(row) for row in example("states")]
    outcomes = [outcome for _, outcome in people if outcome is not None]
    snapshot = a_snapshot([a_unit()], [person for person, _ in people], outcomes)
    return measure(snapshot, CALENDAR, RULES)


def test_document_states() -> None:
    """Each person of the example ends in the state it names; all five states occur."""
    states = [usage.state.value for usage in states_measured().staff]
    assert states == [row["State"] for row in example("states")]
    assert set(states) == set(StaffState)


def test_document_state_sums() -> None:
    """The sums below the example are those of its people."""
    (row,) = example("state sums")
    expected = counts_in(row | {"F4": "0"})
    assert states_measured().total == replace(expected, kinds=frozenset({"ews"}))


def test_document_names_every_state_in_order() -> None:
    """The table of states is the enumeration."""
    rows = table_after(
        "Each person on the staff list ends in **exactly one** of five states, "
        "decided in this order:"
    )
    assert [row["State"] for row in rows] == list(StaffState)


def test_document_exempt() -> None:
    """Title and category exempt as the example says."""
    rules = replace(
        RULES,
        exempt_job_titles=frozenset({"lái xe"}),
        in_scope_job_titles=frozenset({"kế toán"}),
    )
    for row in example("exempt"):
        person = a_person(category=row["Category"], job_title=row["Job title"])
        assert (exempted_by(person, rules) or "") == row["Exempt by"], row


def test_document_exclusions() -> None:
    """Dates cover the working days the example says, and exclude or not."""
    scope = Scope(OCTOBER, date(2026, 11, 2), CALENDAR, RULES)
    for row in example("exclusions"):
        first, last = day_of(row["From"]), day_of(row["To"])
        person = a_person(status=row["Status"], status_from=first, status_to=last)
        assert (scope.excluded_by(person) is not None) is (row["Excluded"] == "yes"), row
        if row["Working days"]:
            number, what = row["Working days"].split()
            away = CALENDAR.working_days(*inside_october(person, what))
            assert len(list(away)) == int(number), row
    assert CALENDAR.working_days_of(OCTOBER) == 22


def inside_october(person: Staff, what: str) -> tuple[date, date]:
    """The first and last day of October on which the person was away, or worked."""
    first, last = person.status_from, person.status_to
    if what == "worked" and person.status == "nghỉ hưu" and first is not None:
        return OCTOBER.first_day, min(first - timedelta(days=1), OCTOBER.last_day)
    if what == "worked" and last is not None:
        first, last = last + timedelta(days=1), None
    return (
        max(first or OCTOBER.first_day, OCTOBER.first_day),
        min(last or OCTOBER.last_day, OCTOBER.last_day),
    )


def test_document_due_days() -> None:
    """The last due day of each cut-off date."""
    for row in example("due"):
        cut_off = day_of(row["Cut-off date"])
        assert cut_off is not None
        off = frozenset(date.fromisoformat(day) for day in row["Days off"].split())
        period = Period(cut_off.year, 8 if off else 10)
        noon = datetime.combine(cut_off, time(5), tzinfo=UTC)
        snapshot = a_snapshot([], [], [], cut_off_at=noon, period=period)
        found = last_due_day(snapshot, WorkCalendar(off=off), RULES)
        assert found == day_of(row["Last day that is due"]), row


def test_document_regular() -> None:
    """Each row of the example is regular or not as it says."""
    for row in example("regular"):
        sums = MailboxSums(
            sent_days=whole(row, "Working days with mail sent"),
            due=whole(row, "Due"),
            due_read=whole(row, "Of these read"),
        )
        assert is_regular(sums, RULES) is (row["Regular"] == "yes"), row


USES = {
    "not provided": Use.NOT_PROVIDED,
    "not measured": Use.UNMEASURED,
    "regular": Use.REGULAR,
    "never used": Use.UNUSED,
    "only reads": Use.ONLY_READ,
    "too few days": Use.FEW_DAYS,
    "reads too little": Use.UNREAD,
}


def days_of(row: Row) -> tuple[DayActivity, ...]:
    """A month with the numbers of a row: mail to read early, what is not due on the last day."""
    sent, days, due = whole(row, "Sent"), whole(row, "Working days with mail sent"), "Due"
    sending = [day for day in range(5, 5 + 2 * days) if CALENDAR.is_working_day(october(day))]
    found = [DayActivity(october(day), sent=1) for day in sending[:days]]
    if sent > days:
        found.append(DayActivity(october(31), sent=sent - days))  # a Saturday
    read, due_read = whole(row, "Read"), whole(row, "Of these read")
    found.append(DayActivity(october(1), received=whole(row, due), read=due_read))
    found.append(DayActivity(october(30), received=read - due_read, read=read - due_read))
    return tuple(found)


def test_document_uses() -> None:
    """Each person of the example is measured to the state that it gives, and to no other."""
    seen = set()
    for row in example("uses"):
        person = a_person(mailbox=None if row["Mailbox"] == "no" else "")
        outcomes: list[Outcome] = []
        if row["Mailbox"] == "not measured":
            outcomes = [an_unmeasured(person.mailbox)]
        elif row["Mailbox"] == "yes":
            outcomes = [an_activity(person.mailbox, *days_of(row))]
        measured = measure(a_snapshot([a_unit()], [person], outcomes), CALENDAR, RULES)
        [usage], [unit] = measured.staff, measured.units
        if row["Mailbox"] == "yes":
            assert [usage.sent, usage.sent_days, usage.read, usage.due, usage.due_read] == [
                whole(row, column) for column in list(row)[1:-1]
            ]
        assert use_of(usage) is USES[row["State"]], row
        found = people_by_use(unit.counts, unit.gaps)
        assert {use for use, number in found.items() if number} == {USES[row["State"]]}
        seen.add(USES[row["State"]])
    assert seen == set(USES.values())


def test_document_use_sums() -> None:
    """What is summed for a reader who may know all, and for one who may not."""
    for row in example("use sums"):
        in_scope, provided, unmeasured, sent, regular = (
            whole(row, column) for column in ("D", "C", "U", "F3", "F4")
        )
        counts = Counts(
            in_scope=in_scope, provided=provided, unmeasured=unmeasured, sent=sent, regular=regular
        )
        gaps = Gaps(whole(row, "Too few days"), whole(row, "Never used"))
        kept = {Use.REGULAR: "F4", Use.NOT_PROVIDED: "Not provided", Use.UNMEASURED: "U"}
        fine = {Use.UNREAD: "Reads too little", Use.FEW_DAYS: "Too few days"}
        fine |= {Use.ONLY_READ: "Only reads", Use.UNUSED: "Never used"}
        coarse = {Use.SENDS: "Có gửi, chưa thường xuyên", Use.SENT_NOTHING: "Không gửi thư"}
        for known, columns_of in ((gaps, kept | fine), (HIDDEN_GAPS, kept | coarse)):
            found = people_by_use(counts, known)
            assert found == {use: whole(row, column) for use, column in columns_of.items()}
            assert sum(found.values()) == whole(row, "D")


def test_document_rates() -> None:
    """Provided, R, bounds and coverage of each row."""
    shown: list[tuple[str, Callable[[Counts], Fraction | None]]] = [
        ("Provided", lambda counts: counts.provided_share),
        ("R", lambda counts: counts.regular_share),
        ("Lower", lambda counts: counts.lower_bound),
        ("Upper", lambda counts: counts.upper_bound),
        ("Coverage", lambda counts: counts.coverage),
    ]
    for row in example("rates"):
        counts = counts_in(row)
        assert counts.in_scope == counts.staff - counts.exempt - counts.excluded
        assert {name: printed(share(counts)) for name, share in shown} == {
            name: row[name] for name, _ in shown
        }


def test_document_totals() -> None:
    """The total is of sums, and the mean the document warns of is another number."""
    *units, total = example("totals")
    counts = {row["Unit"]: counts_of(whole(row, "F4"), whole(row, "D − U")) for row in units}
    summed = a_measurement(counts).total
    assert (summed.regular, summed.in_scope) == (whole(total, "F4"), whole(total, "D − U"))
    assert printed(summed.regular_share) == total["R"]
    shares = [Fraction(c.regular, c.in_scope) for c in counts.values()]
    assert [printed(share) for share in shares] == [row["R"] for row in units]
    assert f"would be {printed(sum(shares, Fraction()) / 2)}; the total is {total['R']}" in DOCUMENT


def place_in_words(standing: Standing) -> str:
    """The rank as the document writes it, or the reason why there is none."""
    if standing.not_ranked is not None:
        return standing.not_ranked.value
    return f"{standing.rank} (tied)" if standing.tied else str(standing.rank)


def test_document_ranking() -> None:
    """The group of the example, ranked from its official order A to I."""
    rows = example("ranking")
    official = sorted(rows, key=lambda row: row["Unit"])
    filled = {"B": "0", "exempt": "0", "excluded": "0"}
    measurement = a_measurement({row["Unit"]: counts_in(row | filled) for row in official})
    (group,) = rank(OCTOBER, measurement, [DEPARTMENTS], [], RULES).groups
    assert [
        {
            "Unit": standing.usage.unit.code,
            "Coverage": printed(standing.usage.counts.coverage),
            "R": printed(standing.share),
            "Rank": place_in_words(standing),
            "Grade": standing.grade or "",
            "Short of next": "" if standing.short_of is None else str(standing.short_of),
        }
        for standing in group.standings
    ] == [{k: v for k, v in row.items() if k not in ("D", "C", "U", "F4")} for row in rows]
    assert {row["Rank"] for row in rows} >= set(NotRanked) - {
        NotRanked.NO_MAIL,
        NotRanked.FEW_MONTHS,
        NotRanked.WITHHELD,  # by publication, not by the ranking
        NotRanked.SEVERAL_KINDS,  # in an example of its own
    }


def test_document_any_activity() -> None:
    """By both definitions; of 40 messages sent two go on each of 20 days."""
    for row in example("any activity"):
        sent, read = whole(row, "Sent"), whole(row, "Read")
        sums = MailboxSums(sent=sent, received=read, read=read, sent_days=sent // 2)
        assert is_regular(sums, RULES) is (row["Sent and read"] == "yes"), row
        other = replace(RULES, regular=ANY_ACTIVITY)
        assert is_regular(sums, other) is (row["Any activity"] == "yes"), row


def test_document_mail_sent_alone() -> None:
    """By both definitions, and the state of a person, whose bar has no other."""
    states = {
        "regular": Use.REGULAR,
        "too few days": Use.FEW_DAYS,
        "nothing sent": Use.SENT_NOTHING,
    }
    rules = replace(RULES, regular=SENT_ALONE)
    for row in example("mail sent alone"):
        days, due, read = (whole(row, column) for column in list(row)[:3])
        sums = MailboxSums(sent=days, received=due, sent_days=days, due=due, due_read=read)
        assert is_regular(sums, RULES) is (row["Sent and read"] == "yes"), row
        assert is_regular(sums, rules) is (row["Mail sent alone"] == "yes"), row

        person = a_person()
        did = (
            *sent_on(*list(CALENDAR.working_days(OCTOBER.first_day, OCTOBER.last_day))[:days]),
            DayActivity(OCTOBER.first_day, received=due, read=read),
        )
        snapshot = a_snapshot([a_unit()], [person], [an_activity(person.mailbox, *did)])
        measured = measure(snapshot, CALENDAR, rules)
        state = states[row["State by the latter"]]
        assert use_of(measured.staff[0]) is state, row
        for gaps in (measured.units[0].gaps, Gaps(0, 0)):
            found = people_by_use(measured.total, gaps)
            assert {use for use, number in found.items() if number} == {state}


def test_document_change() -> None:
    """Previous R and change of each row."""
    for row in example("change"):
        now = counts_of(whole(row, "F4"), whole(row, "D − U"), unmeasured=whole(row, "U"))
        measured = a_measurement({"A": now})
        history = []
        if row["Before F4"]:
            before = counts_of(
                whole(row, "Before F4"),
                whole(row, "Before D − U"),
                unmeasured=whole(row, "Before U"),
            )
            history = [earlier(a_measurement({"A": before}), measured)]
        ranking = rank(OCTOBER, measured, [DEPARTMENTS], history, RULES)
        (standing,) = ranking.groups[0].standings
        sign = "+" if standing.change and standing.change > 0 else ""
        found = sign + printed(standing.change).replace("-", "−")
        assert (printed(standing.previous_share), found) == (row["Previous R"], row["Change"]), row


def month_of(rows: list[Row], column: str, figures: str) -> Measurement:
    """The units of the rows that are in a group, by the column of their groups, with their sums."""
    parts = [
        a_measurement(
            {row["Unit"]: counts_of(whole(row, f"{figures}F4"), whole(row, f"{figures}D − U"))},
            row[column],
        )
        for row in rows
        if row[column]
    ]
    return Measurement(
        tuple(usage for part in parts for usage in part.staff),
        tuple(unit for part in parts for unit in part.units),
    )


def test_document_group_totals() -> None:
    """Units moved to another group and dissolved; without any event, and with another unit's."""
    rows = example("groups")
    before, now = month_of(rows, "Group then", "Before "), month_of(rows, "Group now", "")
    for events in ((), (UnitEvent(date(2026, 10, 1), EventKind.DISSOLVED, ("D",)),)):
        history = [earlier(before, now, events=events)]
        ranking = rank(OCTOBER, now, [], history, RULES)
        pairs = {group.name: (group.previous_total, group.total) for group in ranking.groups}
        pairs["all"] = (ranking.previous_total, ranking.total)
        for row in example("group totals"):
            then, today = pairs.pop(row["Group"])
            assert then is not None
            assert then.regular_share is not None
            assert today.regular_share is not None
            change = today.regular_share - then.regular_share
            found = [printed(then.regular_share), printed(today.regular_share)]
            found.append(("+" if change > 0 else "") + printed(change))
            assert found == [row["Previous R"], row["R"], row["Change"]]
        assert not pairs
    then_groups = [row for row in rows if row["Group then"] == "departments"]
    by_then = Fraction(
        sum(whole(row, "Before F4") for row in then_groups),
        sum(whole(row, "Before D − U") for row in then_groups),
    )
    assert f"would have risen from {printed(by_then)} to 100.0" in DOCUMENT


def test_document_remarks() -> None:
    """Flags of each row."""
    for row in example("remarks"):
        counts = counts_of(0, whole(row, "D"), exempt=whole(row, "exempt"))
        assert counts.staff == whole(row, "B")
        measurement = a_measurement({"A": counts})
        (group,) = rank(OCTOBER, measurement, [DEPARTMENTS], [], RULES).groups
        (standing,) = group.standings
        assert standing.many_exempt is (row["Many exempt"] == "yes"), row
        assert standing.small is (row["One person weighs much"] == "yes"), row


def test_document_rounding() -> None:
    """Each fraction printed in both languages."""
    for row in example("rounding"):
        share = Fraction(row["Fraction"])
        found = (ENGLISH.percent(share), VIETNAMESE.percent(share))
        assert found == (row["English"], row["Tiếng Việt"]), row


def default_in_words(rules: Rules, key: str) -> str:
    """The default of a key as the document writes it: percentages, sorted words, grades."""
    if key == "grades":
        return ", ".join(f"{grade.name} {grade.from_share * 100}" for grade in rules.grades)
    value = getattr(rules, key.replace("_percent", "_share"), None)
    if value is None:
        value = getattr(rules, key.removesuffix("_percent"))
    if value == Fraction(2, 3):
        return "2/3"
    if isinstance(value, Fraction):
        return str(value * 100)
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def test_document_lists_every_threshold_with_its_default() -> None:
    """Each field of Rules once, under the key the configuration reads it by."""
    rows = table_after(
        "Keys of the table `[rules]` of the configuration. Percentages are written "
        "as numbers: 80 or 87.5."
    )
    keys = [row["Key"].strip("`") for row in rows]
    assert keys == list(Thresholds.model_fields)
    of_reports = {"min_published", "coarse_extremes"}  # keys of the table [report]
    assert len(keys) == len(fields(Rules)) - len(of_reports)
    assert of_reports <= {field.name for field in fields(Rules)}
    for key, row in zip(keys, rows, strict=True):
        assert row["Default"] == default_in_words(RULES, key), key


def test_document_gives_the_defaults_beside_the_keys() -> None:
    """Where the text says `min_sent_days` (4), 4 is the default."""
    given = re.findall(r"(\w+)` \((\d+(?:/\d)?)", DOCUMENT)
    assert len(given) >= 9
    for key, number in given:
        assert number == default_in_words(RULES, key), key


def test_document_names_keys_that_exist() -> None:
    """No text speaks of a threshold that is not in the table of thresholds."""
    text, table = DOCUMENT.split("## 13.")
    known = set(re.findall(r"^\| `(\w+)`", table, flags=re.MULTILINE))
    named = set(
        re.findall(
            r"`((?:min|max|read|small|target|exempt|excluded|in_scope|joined|left)_\w+)`", text
        )
    )
    written = set(re.findall(r"(?:min|max)_\w+_percent", text))
    assert named | written <= known
    assert known - named - written <= {"grades", "regular", "regular_basis", "target_basis"}


def test_document_contents_reach_every_section() -> None:
    """The table of contents has each numbered heading, and its link fits."""
    headings = re.findall(r"^## (\d+\. .+)$", DOCUMENT, flags=re.MULTILINE)
    links = re.findall(r"^(\d+\.) \[(.+)\]\(#(.+)\)$", DOCUMENT, flags=re.MULTILINE)
    assert [f"{number} {title}" for number, title, _ in links] == headings
    for number, title, anchor in links:
        assert anchor == re.sub(r"[^\w\- ]", "", f"{number} {title}".lower()).replace(" ", "-")


def test_document_examples_are_all_tested() -> None:
    """A new example needs its test."""
    tests = Path(__file__).parents[1]
    files = (
        Path(__file__),
        tests / "metrics" / "test_kinds.py",
        tests / "metrics" / "test_longer_document.py",
        tests / "metrics" / "test_sign_search.py",
        tests / "sources" / "test_own_mail.py",
    )
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    names = re.findall(r"<!-- example: (.+) -->", DOCUMENT)
    assert names
    assert [name for name in names if f'example("{name}")' not in source] == []


def test_document_s_example_of_the_local_day() -> None:
    """17:30 UTC on 30 September is 1 October in Viet Nam."""
    moment = datetime(2026, 9, 30, 17, 30, tzinfo=UTC)
    assert OCTOBER.start <= moment < OCTOBER.start + timedelta(days=1)
