"""TrackingLogs as a MailSource: coverage, processes, stopping, and what must never leave a log."""

import gzip
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tracking_builders import (
    AN,
    BINH,
    INSIDE,
    LATER,
    MAY,
    NOON,
    STAFF,
    a_log,
    a_row,
    day_name,
    folders,
    log_name,
    sums,
)

from mailaudit.errors import ServerError
from mailaudit.model.knowledge import Knowledge
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.model.snapshot import Job
from mailaudit.sources.tracking.coverage import FULL_BYTES, Span, days_of, gaps_in
from mailaudit.sources.tracking.finding import find_logs
from mailaudit.sources.tracking.source import TrackingLogs

FIRST = datetime(2026, 4, 30, 17, tzinfo=UTC)  # when May begins in Viet Nam
DAYS = 32  # of UTC, that May in Viet Nam lies in
MAY_4 = "2: 2026-05-04, 2026-05-05"  # the days that the fourth, UTC, lies in
SECRET = "TUYET-MAT-0042"


@dataclass
class Run:
    """A source over logs, and what it said."""

    places: dict[str, Path]
    now: datetime = LATER
    said: list[str] = field(default_factory=list)
    processes: int = 1

    def source(self) -> TrackingLogs:
        def tell(message: str, /, **values: object) -> None:
            self.said.append(message.format(**values, options=""))

        return TrackingLogs(self.places, INSIDE, lambda: self.now, tell, self.processes)

    def outcomes(self, mailboxes: Sequence[str] = STAFF) -> dict[str, Outcome]:
        source = self.source()
        found = [one for batch in source.outcomes(Job(mailboxes, MAY)) for one in batch]
        source.close()
        assert len(found) == len(mailboxes)
        return {one.mailbox: one for one in found}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Logs of every day of May of both servers, and in one of them An's mail to Bình."""
    places = folders(tmp_path / "logs")
    for server, folder in places.items():
        for number in range(DAYS):
            at = FIRST + timedelta(days=number)
            (folder / day_name(at=at)).write_bytes(a_log([], server=server, at=at))
    mail = [a_row("RECEIVE"), a_row("DELIVER")]
    (places["EX01"] / day_name()).write_bytes(a_log(mail))
    return Run(places)


def lacks(run: Run, days: str) -> None:
    """That nothing is measured, for want of these days."""
    for outcome in run.outcomes().values():
        assert isinstance(outcome, Unmeasured)
        assert outcome.reason is Reason.LOG_MISSING
        assert outcome.detail.partition(";")[0] == days


def test_month_with_all_its_logs_is_measured(run: Run) -> None:
    """Who has no mail in them was idle."""
    found = run.outcomes()
    an, binh, chi = (found[mailbox] for mailbox in STAFF)
    assert isinstance(an, Activity) and isinstance(binh, Activity) and isinstance(chi, Activity)
    assert (sums(an), sums(binh)) == (
        {"sent": 1, "recipients_inside": 1},
        {"received": 1, "received_inside": 1},
    )
    assert chi.days == ()
    assert run.said == []
    knows = run.source().describe().knows
    assert Knowledge.READ_FLAGS not in knows and Knowledge.RECIPIENTS in knows


def test_unknown_events_are_named_and_do_not_count(run: Run) -> None:
    """With what may be anything only as a number."""
    rows = [a_row(SECRET), *[a_row("SENDEXTERNAL", source="SMTP")] * 3, a_row("DELIVER")]
    (run.places["EX01"] / day_name()).write_bytes(a_log([*rows, a_row("RECEIVE")]))
    found = run.outcomes()
    assert sums(found[BINH]) == {"received": 1, "received_inside": 1}
    (said,) = run.said
    assert said.startswith("4 rows ") and said.endswith(": SENDEXTERNAL, ?.")


@pytest.mark.parametrize("event", [("RECEIVE", "STOREDRIVER"), ("RECEIVE", "SMTP")])
def test_log_whose_recipients_an_export_lost_makes_its_day_unmeasured(
    run: Run, event: tuple[str, str]
) -> None:
    """Of several logs that are read together that one alone."""
    name, source = event
    row = a_row(name, server="EX02", source=source, recipient_address="System.String[]")
    (run.places["EX02"] / day_name()).write_bytes(a_log([row], server="EX02"))
    lacks(run, MAY_4)
    assert "EX02" in run.said[0] and "Export-Csv" in run.said[0]


def test_aliases_are_their_mailbox_s(run: Run) -> None:
    """A mail to an alias was received, one from it sent, one to oneself has no recipient."""
    rows = [
        a_row("RECEIVE", sender_address="an.cu@vidu.gov.vn", recipient_address=AN),
        a_row("DELIVER", sender_address="an.cu@vidu.gov.vn", recipient_address=AN),
    ]
    (run.places["EX01"] / day_name()).write_bytes(a_log(rows))
    job = Job([AN], MAY, aliases={AN: ["an.cu@vidu.gov.vn"]})
    ((found,),) = [batch for batch in run.source().outcomes(job) if batch]
    assert isinstance(found, Activity)
    assert sums(found) == {"sent": 1, "received": 1, "received_inside": 1, "sent_to_self": 1}


@pytest.mark.parametrize("server", ["EX01", "EX02"])
def test_missing_log_makes_the_month_unmeasured_and_never_idle(run: Run, server: str) -> None:
    """Of whichever server."""
    (run.places[server] / day_name(at=NOON)).unlink()
    lacks(run, MAY_4)
    (run.places[server] / day_name(at=FIRST)).unlink()
    lacks(run, "3: 2026-05-01, 2026-05-04, 2026-05-05")
    assert server in run.said[-1]


@pytest.mark.parametrize("cut", [1, 40])
def test_cut_log_makes_its_day_unmeasured(run: Run, cut: int) -> None:
    path = run.places["EX01"] / day_name()
    path.write_bytes(path.read_bytes()[:-cut])
    lacks(run, MAY_4)
    assert str(path) in run.said[0]


def test_empty_and_unreadable_logs_make_their_days_unmeasured(run: Run) -> None:
    path = run.places["EX02"] / day_name()
    path.write_bytes(b"")
    lacks(run, MAY_4)
    path.unlink()
    path.with_name(f"{path.name}.gz").write_bytes(b"not gzip")
    lacks(run, MAY_4)


def test_number_left_out_makes_the_day_unmeasured(run: Run) -> None:
    """-1 and -3 without -2; with it all is there."""
    folder = run.places["EX02"]
    (folder / day_name(number=3)).write_bytes(a_log([], server="EX02"))
    lacks(run, MAY_4)
    (folder / day_name(number=2)).write_bytes(a_log([], server="EX02"))
    assert isinstance(run.outcomes()[AN], Activity)


def test_series_that_one_server_has_the_others_must_have_too(run: Run) -> None:
    """Deliveries of one server alone are half the mail."""
    folder = run.places["EX01"]
    for number in range(DAYS):
        at = FIRST + timedelta(days=number)
        (folder / day_name("MSGTRKMD", at)).write_bytes(a_log([], at=at))
    outcome = run.outcomes()[AN]
    assert isinstance(outcome, Unmeasured) and outcome.detail.startswith("31: ")
    assert outcome.detail.endswith("; EX02")


def test_logs_without_any_delivery_are_those_of_some_series_only(run: Run) -> None:
    """As where deliveries were left out on every server: nobody received nothing all month."""
    (run.places["EX01"] / day_name()).write_bytes(a_log([a_row("RECEIVE")]))
    outcome = run.outcomes()[BINH]
    assert isinstance(outcome, Unmeasured) and outcome.detail.startswith("31: ")


def test_log_in_two_servers_folders_is_one_server_s(run: Run) -> None:
    """EX01's logs, copied where EX02's should be."""
    shutil.copy(run.places["EX01"] / day_name(), run.places["EX02"] / day_name())
    lacks(run, MAY_4)
    assert "another server's" in run.said[0]


def test_log_twice_in_one_folder_changes_nothing(run: Run) -> None:
    """Beside its packed copy; a damaged one beside a whole one is no loss."""
    expected = run.outcomes()
    path = run.places["EX01"] / day_name()
    copy = path.with_name(f"{path.name}.gz")
    copy.write_bytes(gzip.compress(path.read_bytes()))
    for content in (copy.read_bytes(), copy.read_bytes()[:50]):
        copy.write_bytes(content)
        found = run.outcomes()
        assert [sums(one) for one in found.values() if isinstance(one, Activity)] == [
            sums(one) for one in expected.values() if isinstance(one, Activity)
        ]


def test_full_log_must_have_a_next_one(run: Run) -> None:
    """Of the size at which another log was followed by the next one of its hour."""
    logs = find_logs(run.places).logs
    numbers = {log.path: number for number, log in enumerate(logs)}
    span = Span.of(MAY, LATER, logs)
    full = {numbers[run.places["EX01"] / day_name()]: FULL_BYTES + 100}
    assert gaps_in(span, run.places, logs, sizes=full) == ()  # no other was ever begun so

    at = NOON + timedelta(days=1)
    (run.places["EX01"] / day_name(at=at, number=2)).write_bytes(a_log([], at=at))
    logs = find_logs(run.places).logs
    numbers = {log.path: number for number, log in enumerate(logs)}
    full = {
        numbers[run.places["EX01"] / day_name()]: FULL_BYTES + 100,
        numbers[run.places["EX01"] / day_name(at=at)]: FULL_BYTES + 50,
    }
    (gap,) = gaps_in(span, run.places, logs, sizes=full)
    assert [str(day) for day in days_of([gap], MAY)] == ["2026-05-04", "2026-05-05"]


def test_running_month_is_measured_up_to_the_log_that_is_written(run: Run) -> None:
    """That log is not looked at; what lacks in the days before it is missing as ever."""
    next_day = NOON + timedelta(days=1)
    run.now = next_day + timedelta(hours=3)
    for folder in run.places.values():
        for path in folder.glob("*.LOG"):
            if path.name > day_name(at=next_day):
                path.unlink()
    (run.places["EX01"] / day_name(at=next_day)).write_bytes(b"half a ro")
    found = run.outcomes()[AN]
    assert isinstance(found, Activity) and sums(found)["sent"] == 1
    (run.places["EX02"] / day_name(at=FIRST)).unlink()
    lacks(run, "1: 2026-05-01")


@pytest.mark.slow
def test_logs_named_by_hour_stand_for_their_hour(tmp_path: Path) -> None:
    """As Exchange names them since 2013."""
    run = Run(folders(tmp_path))
    for server, folder in run.places.items():
        for number in range(31 * 24):
            at = FIRST + timedelta(hours=number)
            rows = [a_row("SUBMIT"), a_row("DELIVER")] if (server, at) == ("EX01", NOON) else []
            (folder / log_name(at=at)).write_bytes(a_log(rows, server=server, at=at))
    found = run.outcomes()[AN]
    assert isinstance(found, Activity) and sums(found) == {"sent": 1}
    (run.places["EX02"] / log_name(at=NOON)).unlink()
    lacks(run, "1: 2026-05-04")


def test_folder_without_logs_is_refused_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    """What, which folder, what to do; an export is named as one."""
    run.source().check()
    run.places = {**run.places, "EX03": tmp_path / "EX03"}
    with pytest.raises(ServerError, match=r"EX03 can't be read: .*right to read"):
        run.source().check()
    (tmp_path / "EX03").mkdir()
    with pytest.raises(ServerError, match=r"no message tracking log of EX03.*MSGTRK"):
        run.source().check()
    export = '"PSComputerName","RunspaceId","MessageSubject"\n"a","b","' + SECRET + '"\n'
    (tmp_path / "EX03" / "thang5.csv").write_text(export)
    with pytest.raises(ServerError, match=r"thang5\.csv was exported.*as they are") as caught:
        run.source().check()
    assert SECRET not in str(caught.value)
    shutil.copy(run.places["EX01"] / day_name(), tmp_path / "EX03" / "renamed.log")
    assert any("renamed.log" in str(one.path) for one in find_logs(run.places).strays)


@pytest.mark.slow
def test_subjects_reach_no_message_outcome_log_or_temporary_file(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of sound and of damaged logs, whatever is wrong with them."""
    caplog.set_level(logging.DEBUG)
    spilled = tmp_path / "spilled"
    spilled.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spilled))
    taken: list[bytes] = []
    monkeypatch.setattr(
        "mailaudit.sources.tracking.source.Spill.take",
        _recording(taken),
    )
    subject = f'{SECRET}, "{SECRET}"\n{SECRET}'
    sound = a_log([a_row("RECEIVE", message_subject=subject), a_row("DELIVER")])
    text = a_log([a_row("DELIVER", message_subject=SECRET)])
    damaged = [
        text[:-1],
        text[: text.index(SECRET.encode()) + 5],
        text.replace(SECRET.encode(), f'"{SECRET}'.encode()),
        text.replace(SECRET.encode(), f"{SECRET},{SECRET}".encode()),
        text.replace(b"2026-05-04T", SECRET.encode()),
        text.replace(b"#Fields", SECRET.encode()),
        text.replace(b"DELIVER,", SECRET.encode()),
        f"{SECRET}\n".encode() * 3,
        SECRET.encode() * 200_000,
        text + b"\xff" + SECRET.encode() + b"\r\n",
    ]
    found: list[object] = []
    for content in (sound, *damaged):
        (run.places["EX01"] / day_name()).write_bytes(content)
        try:
            found.append(run.outcomes())
        except Exception as error:  # noqa: BLE001 - none is expected, and none may tell
            pytest.fail(f"{type(error).__name__}: {SECRET in repr(error)}")
    told = "\n".join([*run.said, repr(found), caplog.text])
    assert "fields instead of" in told and "is cut short" in told
    for trace in (SECRET, SECRET.lower(), SECRET[:8]):
        assert trace not in told
        assert all(trace.encode() not in chunk for chunk in taken)
    assert any(taken)
    assert list(spilled.iterdir()) == []


def _recording(taken: list[bytes]):  # type: ignore[no-untyped-def] # noqa: ANN202
    from mailaudit.sources.tracking.spill import Spill

    original = Spill.take

    def take(self: Spill, bucket: int) -> bytes:
        taken.append(original(self, bucket))
        return taken[-1]

    return take


def test_two_processes_count_as_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailaudit.sources.tracking.source._LITTLE_BYTES", 0)
    one = run.outcomes()
    run.processes = 2
    assert run.outcomes() == one


def test_paused_reading_begins_no_log_and_goes_on(run: Run) -> None:
    source = run.source()
    source.pause()
    batches = source.outcomes(Job(STAFF, MAY))
    for _ in range(5):
        assert list(next(batches)) == []
    source.resume()
    assert len([one for batch in batches for one in batch]) == len(STAFF)


def test_closing_the_outcomes_ends_the_processes(run: Run) -> None:
    """As Ctrl-C does: nothing runs on, and nothing is left."""
    source = run.source()
    batches = source.outcomes(Job(STAFF, MAY))
    next(batches)
    assert source._crew is not None
    pids = [worker.process.pid for worker in source._crew._workers]
    batches.close()
    for pid in pids:
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
