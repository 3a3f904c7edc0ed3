"""When a run stops because the server as a whole no longer serves it."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fault_builders import addresses, an_office, hurry, log_of
from source_builders import MAY, a_fleet, a_source, all_of

from mailaudit import audit
from mailaudit.demo.options import ServedAt
from mailaudit.errors import ConfigurationError, ServerError
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import Collected, Job
from mailaudit.sources import health
from mailaudit.sources.ews import EwsServer
from mailaudit.sources.ews.faults import EwsFault, fault_of, malformed
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.health import Health
from mailaudit.sources.shared_state import SharedState
from mailaudit.store import SnapshotStore

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DENIED = "ErrorImpersonateUserDenied"
EXCHANGE = EwsServer(
    "https://mail.tinh.test/EWS/Exchange.asmx", "Exchange2016", "ntlm", "svc", "", max_connections=4
)
LOST = MailboxFault(Reason.TIMED_OUT, "connection failed")


class Server:
    """A server that answers the check, or is gone for so many checks."""

    def __init__(self, gone: int) -> None:
        self.gone = gone
        self.checks = 0

    def check(self) -> None:
        self.checks += 1
        if self.checks <= self.gone:
            raise ServerError("gone", detail="connection failed") from LOST


def a_health(gone: int = 0) -> tuple[Health, Server]:
    server = Server(gone)
    return Health(server.check, EXCHANGE, SharedState()), server


def denied(number: int) -> Unmeasured:
    return Unmeasured(f"{number}@tinh.test", NOW, Reason.ACCESS_DENIED, DENIED)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probes without waiting between them."""
    monkeypatch.setattr(health, "PROBE_AFTER_S", (0.0, 0.0, 0.0))


@pytest.mark.usefixtures("impatient")
def test_health_probes_after_many_lost_mailboxes() -> None:
    """Twenty different mailboxes in a row; one of them twenty times is one mailbox."""
    state, server = a_health(gone=99)
    for _ in range(30):
        state.heed("same@tinh.test", LOST)
    for number in range(18):
        state.heed(f"{number}@tinh.test", LOST)
    assert server.checks == 0
    with pytest.raises(ServerError, match=r"no longer answers: connection failed.*stored"):
        state.heed("last@tinh.test", LOST)
    assert server.checks == 3


@pytest.mark.usefixtures("impatient")
def test_health_goes_on_where_the_probe_succeeds() -> None:
    """A server that restarts is waited for."""
    state, server = a_health(gone=2)
    for number in range(20):
        state.heed(f"{number}@tinh.test", LOST)
    assert server.checks == 3


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "answer",
    [
        EwsFault(Reason.SERVER_BUSY, "HTTP 503", of_server=True),
        malformed("HTTP 403"),
        malformed("not XML"),
    ],
)
def test_health_probes_where_something_before_the_server_answers(answer: MailboxFault) -> None:
    """A proxy's page, or a status without an error's code, is nothing a mailbox has to do with."""
    state, server = a_health(gone=99)
    with pytest.raises(ServerError, match="no longer answers"):
        for number in range(20):
            state.heed(f"{number}@tinh.test", answer)
    assert server.checks == 3


def test_health_reports_a_login_that_is_refused_as_what_it_is() -> None:
    """A password that expires meanwhile is not tried again, nor called a silent server."""
    checks = []

    def check() -> None:
        checks.append(1)
        raise ServerError("refuses the login")

    state = Health(check, EXCHANGE, SharedState())
    with pytest.raises(ServerError, match=r"^refuses the login$"):
        for number in range(20):
            state.heed(f"{number}@tinh.test", LOST)
    assert len(checks) == 1


@pytest.mark.parametrize(
    "answer",
    [
        fault_of("ErrorServerBusy"),
        fault_of("ErrorTimeoutExpired"),
        EwsFault(Reason.SERVER_BUSY, "HTTP 503", back_off_s=5.0, of_server=True),
    ],
)
def test_health_takes_any_answer_for_a_sign_of_life(answer: MailboxFault) -> None:
    """Losses that are not in a row are no outage; an error code is an answer."""
    state, server = a_health(gone=99)
    for number in range(60):
        state.heed(f"{number}@tinh.test", answer if number % 10 == 0 else LOST)
    assert server.checks == 0


def test_health_stops_when_the_account_may_open_nothing() -> None:
    """Twenty refusals and nothing else: the role is named, and none of them is stored."""
    state, _ = a_health()
    passed: list[Outcome] = []
    with pytest.raises(ServerError, match=r"first 20 mailboxes.*ApplicationImpersonation"):
        for number in range(30):
            passed += state.pass_on(denied(number))
    assert passed == []


def test_health_passes_refusals_on_once_a_mailbox_was_opened() -> None:
    """Refusals among measured mailboxes are data; nothing held back is lost."""
    state, _ = a_health()
    refused = [denied(number) for number in range(60)]
    passed: list[Outcome] = []
    for number, outcome in enumerate(refused):
        if number == 19:
            passed += state.pass_on(Activity("a@tinh.test", NOW))
        passed += state.pass_on(outcome)
    assert [o for o in passed if isinstance(o, Unmeasured)] == refused


def unmeasured(number: int, reason: Reason) -> Unmeasured:
    return Unmeasured(f"{number}@tinh.test", NOW, reason, "")


@pytest.mark.parametrize("code", [DENIED, "ErrorAccessDenied", "ErrorImpersonationFailed"])
@pytest.mark.parametrize("count", [1, 5, 12])
def test_health_names_the_right_where_a_few_mailboxes_are_all_refused(
    count: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pilot of a few mailboxes too; that one of them does not exist says nothing of the right."""
    monkeypatch.setattr(health, "OTHERS_OPEN_WITHIN_S", 0.0)
    state, _ = a_health()
    missing = unmeasured(99, Reason.NO_MAILBOX)
    assert state.pass_on(missing) == [missing]
    for number in range(count):
        refused = Unmeasured(f"{number}@tinh.test", NOW, Reason.ACCESS_DENIED, code)
        assert state.pass_on(refused) == []
    with pytest.raises(ServerError, match=rf"first {count} mailboxes.*ApplicationImpersonation"):
        state.remaining()


def test_health_hands_refusals_over_where_mailboxes_failed_otherwise() -> None:
    """Which of the two is the trouble, nobody knows: all of it is data."""
    state, _ = a_health()
    assert state.pass_on(denied(1)) == []
    late = unmeasured(2, Reason.UNAVAILABLE)
    assert state.pass_on(late) == [late]
    assert state.remaining() == [denied(1)]


def test_health_hands_refusals_over_where_another_process_opened_a_mailbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may open its first one a moment after this process has come to its end."""
    state, _ = a_health()
    assert state.pass_on(denied(1)) == []

    def other_opens(_seconds: float) -> None:
        state._shared.has_access.value = 1

    monkeypatch.setattr(time, "sleep", other_opens)
    assert state.remaining() == [denied(1)]


@pytest.mark.parametrize(
    ("answer", "times"), [(fault_of("ErrorInvalidRestriction"), 1), (malformed("no body"), 2)]
)
def test_health_stops_where_the_server_refuses_what_is_asked(
    answer: MailboxFault, times: int
) -> None:
    """The first twenty mailboxes and the same each time: it is not said of a mailbox.

    What has no code of EWS may have been damaged on its way, and counts the second time.
    """
    state, _ = a_health()
    for number in range(19):
        state.heed(f"{number}@tinh.test", answer)
        state.heed(f"{number}@tinh.test", answer)
    for _ in range(times - 1):
        state.heed("last@tinh.test", answer)
    with pytest.raises(ServerError, match=rf"{answer.detail}.*first 20.*server\.version"):
        state.heed("last@tinh.test", answer)


@pytest.mark.usefixtures("impatient")
def test_health_stops_where_only_the_check_is_answered() -> None:
    """Something before the server answers all that is asked of mailboxes, and lets the rest by."""
    state, server = a_health()
    for number in range(39):
        state.heed(f"{number}@tinh.test", malformed("HTTP 403"))
    assert server.checks == 1
    with pytest.raises(ServerError, match=r"HTTP 403.*first 40"):
        state.heed("last@tinh.test", malformed("HTTP 403"))


def test_health_lets_damaged_answers_be_asked_for_again() -> None:
    """Answers of as many connections may be damaged at one moment."""
    state, _ = a_health()
    for number in range(60):
        state.heed(f"{number}@tinh.test", malformed("answer too large"))


def test_health_takes_refusals_for_data_once_a_mailbox_was_opened() -> None:
    """What damaged mailboxes answer alike is theirs; so is what differs from one to the next."""
    state, _ = a_health()
    for number in range(19):
        state.heed(f"{number}@tinh.test", fault_of("ErrorInvalidRestriction"))
        state.heed(f"{number}@tinh.test", malformed("unreadable date"))
    state.pass_on(Activity("a@tinh.test", NOW))
    for number in range(60):
        state.heed(f"{number}@tinh.test", fault_of("ErrorInvalidRestriction"))


def test_run_whose_requests_are_refused_stops_soon(tmp_path: Path) -> None:
    """Each of thousands would be asked five times; the code is named, and nothing is stored."""
    people = addresses(300)
    fault = {"kind": "ErrorInvalidRestriction", "operation": "FindItem"}
    with (
        an_office(tmp_path, people, fault) as place,
        a_source(place) as source,
        pytest.raises(ServerError, match=r"ErrorInvalidRestriction.*first 20"),
    ):
        all_of(source, Job(people, MAY))
    assert len([entry for entry in log_of(place) if entry["mailbox"]]) <= 2 * (20 + 4)


def test_run_without_the_right_to_impersonate_stops(tmp_path: Path) -> None:
    """Thousands of refusals are not collected, and no more than a handful is asked for."""
    people = addresses(200)
    with an_office(tmp_path, people, {"kind": "ErrorImpersonateUserDenied"}) as place:
        with (
            a_source(place) as source,
            pytest.raises(ServerError, match="ApplicationImpersonation"),
        ):
            all_of(source, Job(people, MAY))
        assert len([e for e in log_of(place) if e["mailbox"]]) <= 20 + 4


@pytest.mark.parametrize("processes", [a_source, a_fleet])
def test_pilot_without_the_right_to_impersonate_stops(
    tmp_path: Path, processes: Callable[..., AbstractContextManager[Any]]
) -> None:
    """Twelve mailboxes, all refused: the right is missing, and nothing is said of mailboxes."""
    people = addresses(12)
    with (
        an_office(tmp_path, people, {"kind": "ErrorImpersonateUserDenied"}) as place,
        processes(place) as source,
        pytest.raises(ServerError, match="ApplicationImpersonation"),
    ):
        all_of(source, Job(people, MAY))


def test_second_run_without_the_right_stops_as_well(tmp_path: Path) -> None:
    """That a mailbox does not exist is stored, and shows nothing of the right to open others."""
    people = addresses(60)
    units = (Unit("U1", "U1", "G"),)
    staff = tuple(Staff(box, "U1", box) for box in ["nobody@tinh.test", *people])
    roster = Roster(("G",), units, staff, "0" * 64)

    def collected(place: ServedAt) -> Collected:
        with SnapshotStore.at(tmp_path / "store.db") as store, a_source(place) as source:
            collection = store.begin(MAY, roster, source.describe(), now=NOW)
            return audit.collect(collection, source, clock=lambda: NOW, on_progress=lambda *_: None)

    denied_to_all = {"kind": "ErrorImpersonateUserDenied", "mailboxes": people}
    with an_office(tmp_path, people, denied_to_all) as place:
        for _ in range(2):
            with pytest.raises(ServerError, match="ApplicationImpersonation"):
                collected(place)
    with an_office(tmp_path, people) as place:
        assert collected(place).unmeasured == {Reason.NO_MAILBOX: 1}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", ["reset-before", "http-500"])
def test_server_gone_in_mid_run_stops_with_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """What came before the network went is handed over; then the run says how to go on."""
    hurry(monkeypatch)
    people = addresses(300)
    measured: list[Outcome] = []
    fault = {"kind": kind, "from_request": 120}
    with an_office(tmp_path, people, fault) as place, a_source(place) as source:
        source.check()
        with pytest.raises(ServerError, match=r"no longer answers.*Run the same command again"):
            for batch in source.outcomes(Job(people, MAY)):
                measured.extend(batch)
    assert 40 <= len(measured) <= 60
    assert all(isinstance(outcome, Activity) for outcome in measured)


@pytest.mark.parametrize("processes", [a_source, a_fleet])
@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_ca_file_that_is_none_is_named(
    tmp_path: Path, content: str | None, processes: Callable[..., AbstractContextManager[Any]]
) -> None:
    """A missing, empty or other file is reported, as the configuration's, before any login."""
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    (tmp_path / "office").mkdir()
    with (
        an_office(tmp_path / "office", addresses(1)) as place,
        pytest.raises(ConfigurationError, match=r"ca\.pem.*server\.ca_file"),
        processes(place, ca_file=ca_file),
    ):
        pass
