"""Single checks, with the clock, the disk and the server's answers as a test wants them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from mailaudit.checkup import (
    CHECKS,
    Setup,
    State,
    check_setup,
    files,
    lists,
    mailboxes,
    schedule,
    server,
)
from mailaudit.checkup.checks import Check
from mailaudit.checkup.files import wording
from mailaudit.checkup.finding import Finding, ok, warning
from mailaudit.demo.options import ServedAt
from mailaudit.errors import Phrase, StoreError
from mailaudit.locale import language
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.scheduling import Installed, Job, Kind, Scheduler
from mailaudit.scheduling.job import Fault
from mailaudit.settings import load_settings
from mailaudit.sources.probing import Opened
from mailaudit.store import Inspected

MB = 1024 * 1024
OCTOBER = Period(2026, 10)


def now() -> datetime:
    return datetime.now(UTC)


def a_setup(config: Path, **changes: Any) -> Setup:
    settings = load_settings(config)
    arguments: dict[str, Any] = {
        "settings": settings,
        "language": language("en"),
        "clock": now,
        "find_secret": lambda table: table.find_secret(),
        "mailer": None,  # nothing is looked at that sends
        "read_wording": lambda: None,
        "period": OCTOBER,
        "units": 1,
    }
    return Setup(**(arguments | changes))


def an_edited_setup(place: ServedAt, folder: Path, more: str, **changes: Any) -> Setup:
    """The province's, with lines added to the table of the server."""
    text = place.config_path.read_text(encoding="utf-8")
    for name in ("password", "ca.pem", "roster.csv", "units.csv"):
        text = text.replace(f'"{name}"', f'"{(place.directory / name).as_posix()}"')
    config = folder / "mailaudit.toml"
    config.write_text(text.replace("max_connections = 8", more), encoding="utf-8")
    return a_setup(config, **changes)


def said(findings: Iterator[Finding] | Sequence[Finding]) -> list[tuple[State, str]]:
    return [(one.state, one.message.format_map(one.values)) for one in findings]


def test_every_wording_of_ones_own_is_named(province: ServedAt, tmp_path: Path) -> None:
    """That of the reports units hand in too, where it is the only one."""
    text = province.config_path.read_text(encoding="utf-8")
    config = tmp_path / "mailaudit.toml"
    config.write_text(text.replace("[annex]", '[annex]\nunit_wording = "own.txt"'), "utf-8")
    [(state, what)] = said(tuple(wording(a_setup(config))))
    assert state is State.OK
    assert what.endswith("own.txt can be used.")


@pytest.mark.parametrize(
    ("ahead_s", "state", "text"),
    [
        (0, State.OK, "The server's clock agrees with this computer's."),
        (-100, State.OK, "The server's clock agrees with this computer's."),
        (150, State.WARNING, "The server's clock is {} seconds behind this computer's."),
        (-250, State.WARNING, "The server's clock is {} seconds ahead of this computer's."),
        (350, State.FAILURE, "The server's clock is {} seconds behind this computer's."),
        (-86400, State.FAILURE, "The server's clock is {} seconds ahead of this computer's."),
    ],
)
def test_clocks_that_differ_are_named(
    province: ServedAt, ahead_s: int, state: State, text: str
) -> None:
    """From two minutes on as a warning, from five on as a failure; which of them is ahead."""
    setup = a_setup(province.config_path, clock=lambda: now() + timedelta(seconds=ahead_s))
    with closing(setup):
        (at,) = setup.at
        at.secret = setup.find_secret(at.table).value
        ((found, message),) = said(server.server_clock(setup, at))
        assert found is state
        assert message in [text.format(abs(ahead_s) + spare) for spare in range(-5, 6)]


def test_login_is_tried_once_by_three_checks(province: ServedAt) -> None:
    """In any order; a later one knows what the first one met."""
    log = province.directory / "access.jsonl"
    before = log.read_bytes() if log.exists() else b""
    with closing(a_setup(province.config_path)) as setup:
        (at,) = setup.at
        at.secret = "wrong"
        for check in (server.server_clock, server.login, server.service, server.login):
            (found,) = check(setup, at)
            assert (
                found.state
                is {
                    server.server_clock: State.OK,
                    server.login: State.FAILURE,
                    server.service: State.UNCHECKED,
                }[check]
            )
    tried = log.read_bytes()[len(before) :]
    assert tried.count(b'"attempt": true') == 1


@pytest.mark.parametrize(
    ("room_mb", "state"), [(10, State.FAILURE), (100, State.WARNING), (5000, None)]
)
def test_little_room_for_the_store_is_named(
    province: ServedAt, room_mb: int, state: State | None
) -> None:
    setup = a_setup(province.config_path, free_bytes=lambda _folder: room_mb * MB)
    found = said(files.store(setup))[1:]
    file = setup.settings.store.file
    expected = f"{room_mb} MB are left on the disk of {file}."
    assert found == ([(state, expected)] if state else [])


def test_next_report_is_of_the_running_month_once_the_last_one_is_sealed(
    province: ServedAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calendar is then looked at for that month."""
    sealed = Inspected(MB, sealed=frozenset({OCTOBER}), seals=1)
    monkeypatch.setattr("mailaudit.store.inspect_store", lambda _file: sealed)
    setup = a_setup(province.config_path)
    list(files.store(setup))
    assert setup.period == OCTOBER.shifted(1)
    assert said(lists.calendar(setup))[-1] == (
        State.OK,
        "20 working days in 2026-11, the month of the next report.",
    )


def test_december_looks_at_the_calendar_of_january_too(province: ServedAt) -> None:
    """Its cut-off lies there; the year is not decided yet."""
    setup = a_setup(province.config_path, period=Period(2026, 12))
    assert said(lists.calendar(setup))[0] == (
        State.WARNING,
        "The days off of 2027 are not finally decided.",
    )


def a_roster(units: int, people: int) -> Roster:
    """Each unit has so many people; the first of each has no mailbox."""
    codes = [f"U{number}" for number in range(units)]
    staff = tuple(
        Staff(f"{code}-{n}", code, f"{n}.{code}@x.vn".lower() if n else None)
        for n in range(people)
        for code in codes
    )
    return Roster(("G",), tuple(Unit(code, code, "G") for code in codes), staff, "d")


@pytest.mark.parametrize(
    ("units", "count", "chosen"),
    [
        (10, 5, [0, 2, 4, 6, 8]),
        (10, 1, [0]),
        (3, 5, [0, 1, 2]),
        (7, 5, [0, 1, 2, 4, 5]),
        (0, 5, []),
    ],
)
def test_sample_is_spread_over_the_units(units: int, count: int, chosen: list[int]) -> None:
    """One mailbox of each; people without one are passed over."""
    roster = a_roster(units, 3)
    found = mailboxes.sample(roster, count, roster.mailboxes())
    assert [(unit.code, mailbox) for unit, mailbox in found] == [
        (f"U{number}", f"1.u{number}@x.vn") for number in chosen
    ]


def test_unit_without_a_mailbox_is_not_in_the_sample() -> None:
    roster = a_roster(4, 1)
    assert mailboxes.sample(roster, 4, roster.mailboxes()) == []


@pytest.mark.parametrize(
    ("limits", "seen", "state", "minutes"),
    [
        ("max_connections = 8", [(2, 0.48), (2, 0.96)], State.OK, (1, 2)),
        ("max_connections = 1", [(2, 0.6), (3, 1.2)], State.OK, (10, 20)),
        ("requests_per_minute = 10", [(2, 0.1), (3, 0.1)], State.OK, (200, 300)),
        (
            'max_connections = 1\nwindow = "22:00-06:00"',
            [(2, 29.0)],
            State.WARNING,
            (483, 484),
        ),
        ('max_connections = 1\nwindow = "22:00-06:00"', [(2, 28.0)], State.OK, (466, 467)),
    ],
)
def test_duration_is_a_range_of_what_was_seen(
    province: ServedAt,
    tmp_path: Path,
    limits: str,
    seen: list[tuple[int, float]],
    state: State,
    minutes: tuple[int, int],
) -> None:
    """Mailboxes x seconds a mailbox / connections, or what a cap lets through; rounded outwards."""
    setup = an_edited_setup(province, tmp_path, limits)
    setup.roster = a_roster(100, 11)
    setup.at[0].opened = [Opened(requests, seconds) for requests, seconds in seen]
    (found,) = mailboxes.duration(setup, setup.at[0])
    assert found.state is state
    assert (found.values["shortest"], found.values["longest"]) == minutes
    assert found.values["mailboxes"] == 1000


def test_pages_that_the_server_cuts_are_named(province: ServedAt) -> None:
    setup = a_setup(province.config_path)
    setup.at[0].opened = [Opened(2, 0.1, 400), Opened(2, 0.5, 400, 250), Opened(1, 0.2)]
    assert said(mailboxes.speed(setup, setup.at[0])) == [
        (
            State.OK,
            "An answer took 50 to 250 ms (3 mailboxes). The server gives 250 items of a folder at"
            " once where 400 are asked for.",
        )
    ]


def test_check_that_needs_one_that_failed_is_not_made(province: ServedAt) -> None:
    """Nor is one that needs that; what raises an error fails, and the others go on."""
    made = []

    def sound(_setup: Setup) -> Iterator[Finding]:
        made.append("sound")
        yield ok("fine")
        yield warning("nearly", "look")

    def broken(_setup: Setup) -> Iterator[Finding]:
        made.append("broken")
        raise StoreError("bad {file}", "mend {file}", file="x")

    checks = [
        Check("a", "A", sound),
        Check("b", "B", broken),
        Check("c", "C", sound, ("a",)),
        Check("d", "D", sound, ("a", "b")),
        Check("e", "E", sound, ("d",)),
    ]
    lines = list(check_setup(a_setup(province.config_path), checks))
    assert [(line.name, line.finding.state) for line in lines] == [
        ("a", State.OK),
        ("a", State.WARNING),
        ("b", State.FAILURE),
        ("c", State.OK),
        ("c", State.WARNING),
        ("d", State.UNCHECKED),
        ("e", State.UNCHECKED),
    ]
    assert made == ["sound", "broken", "sound"]
    assert lines[2].finding.remedy == "mend {file}"


def test_checks_need_only_what_stands_before_them() -> None:
    """Names are unique and made for programs."""
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    for number, check in enumerate(CHECKS):
        assert set(check.needs) <= set(names[:number])
        assert check.name.isascii() and check.name.islower() and check.name.isalpha()


@dataclass(frozen=True, slots=True)
class _Broken:
    """A scheduler that says whether a job starts."""

    kind = title = "cron"
    is_there = True
    reason: str = ""

    def fault(self, job: Job) -> Fault | None:
        return Fault(Phrase(self.reason), "systemctl x") if self.reason else None


@pytest.mark.parametrize(
    ("result", "reason", "state", "text", "remedy"),
    [
        (None, "", State.OK, "none so far", ""),
        ({"code": 0}, "", State.OK, "20 Nov 2026 01:10, complete", ""),
        ({"code": 4}, "", State.WARNING, "20 Nov 2026 01:10, failed with exit code 4", "See the"),
        ({"code": 6}, "", State.WARNING, "too little was measured (exit code 6)", "See the end"),
        ({"code": None, "ended": None}, "", State.WARNING, "was killed", "See the end"),
        (
            {"code": 0, "began": "2026-10-01T00:30:00+07:00"},
            "",
            State.WARNING,
            "complete",
            "A start",
        ),
        ({"code": 0}, "its timer is switched off", State.WARNING, "is switched off.", "Type: syst"),
    ],
)
def test_last_result_of_the_schedule_is_judged(
    province: ServedAt,
    tmp_path: Path,
    result: dict[str, object] | None,
    reason: str,
    state: State,
    text: str,
    remedy: str,
) -> None:
    """A failure, a kill, a missed start, a timer that is off: a warning with what to do."""
    log = tmp_path / "a.log"
    if result is not None:
        began, ended = "2026-11-20T00:30:00+07:00", "2026-11-20T01:10:00+07:00"
        content = {"command": "run", "began": began, "ended": ended, "code": 0} | result
        (tmp_path / "a.log.result.json").write_text(json.dumps(content))
    job = a_job(log)
    setup = a_setup(
        province.config_path,
        clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC),
        find_scheduled=lambda: [Installed(job, cast(Scheduler, _Broken(reason)))],
    )
    (found,) = schedule.scheduled(setup)
    message = found.message.format_map(found.values)
    assert (found.state, found.part) == (state, "monthly")
    assert message.rstrip(".").endswith(text.rstrip("."))
    assert reason or "next start 1 Dec 2026 00:30" in message
    assert found.remedy.format_map({"options": "", **found.values}).startswith(remedy)
    assert bool(found.remedy) == bool(remedy)


def a_job(log: Path, *options: str) -> Job:
    """A monthly run."""
    return Job(
        key="0123abcd",
        kind=Kind.MONTHLY,
        day=1,
        at=time(0, 30),
        timezone="Asia/Ho_Chi_Minh",
        program=("/python",),
        arguments=("run", *options),
        folder="/",
        log=str(log),
        account="root",
    )


@pytest.mark.parametrize("options", [(), ("--notify",)])
def test_schedule_from_before_the_notices_is_warned_of(
    province: ServedAt, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Whom the configuration names now would learn of no failure."""
    config = province.config_path.with_name("notified.toml")
    table = '[notify]\nto = ["it@tinhmau.test"]\n'
    config.write_text(province.config_path.read_text("utf-8") + "\n" + table, "utf-8")
    job = a_job(tmp_path / "a.log", *options)
    setup = a_setup(config, find_scheduled=lambda: [Installed(job, cast(Scheduler, _Broken("")))])
    (found,) = schedule.scheduled(setup)
    assert found.state is (State.OK if options else State.WARNING)
    assert ("nobody is notified" in found.message) == (not options)


def test_nothing_scheduled_is_warned_of(province: ServedAt) -> None:
    """The month may be forgotten; the command is named."""
    (found,) = schedule.scheduled(a_setup(province.config_path))
    assert (found.state, found.message, found.remedy) == (
        State.WARNING,
        "Nothing is scheduled: no run starts by itself.",
        "To have it run each month: mailaudit schedule install{options}",
    )
