"""When a run stops because the server as a whole no longer serves it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fault_builders import addresses, an_office, audited, hurry, log_of
from source_builders import MAY, a_source

from mailaudit.errors import ConfigurationError, ServerError
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.sources.ews import health
from mailaudit.sources.ews.faults import MailboxFault, fault_of
from mailaudit.sources.ews.health import Health
from mailaudit.sources.ews.shared import Shared

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LOST = MailboxFault(Reason.TIMED_OUT, "connection failed")


class Server:
    """A server that answers the check, or is gone for so many checks."""

    def __init__(self, gone: int) -> None:
        self.gone = gone
        self.checks = 0

    def check(self) -> None:
        self.checks += 1
        if self.checks <= self.gone:
            raise ServerError("gone", detail="connection failed")


def a_health(gone: int = 0) -> tuple[Health, Server]:
    server = Server(gone)
    return Health(server.check, "mail.tinh.test", "svc", 4, Shared()), server


def denied(number: int) -> Unmeasured:
    return Unmeasured(f"{number}@tinh.test", NOW, Reason.ACCESS_DENIED, health.DENIED)


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


@pytest.mark.parametrize("answer", [fault_of("ErrorServerBusy"), fault_of("ErrorTimeoutExpired")])
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
    few, _ = a_health()
    assert few.pass_on(refused[0]) == []
    assert few.remaining() == [refused[0]]


def test_run_without_the_right_to_impersonate_stops(tmp_path: Path) -> None:
    """Thousands of refusals are not collected, and no more than a handful is asked for."""
    people = addresses(200)
    with an_office(tmp_path, people, {"kind": "ErrorImpersonateUserDenied"}) as place:
        with (
            a_source(place) as source,
            pytest.raises(ServerError, match="ApplicationImpersonation"),
        ):
            list(source.outcomes(people, MAY))
        assert len([e for e in log_of(place) if e["mailbox"]]) <= 20 + 4
    with an_office(tmp_path, people, {"kind": "ErrorImpersonateUserDenied"}) as place:
        few = audited(place, people[:19])
    assert {o.reason for o in few.values() if isinstance(o, Unmeasured)} == {Reason.ACCESS_DENIED}


@pytest.mark.usefixtures("impatient")
def test_network_gone_in_mid_run_stops_with_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before the network went is handed over; then the run says how to go on."""
    hurry(monkeypatch)
    people = addresses(300)
    measured: list[Outcome] = []
    fault = {"kind": "reset-before", "from_request": 120}
    with an_office(tmp_path, people, fault) as place, a_source(place) as source:
        source.check()
        with pytest.raises(ServerError, match=r"no longer answers.*Run the same command again"):
            for outcome in source.outcomes(people, MAY):
                measured.append(outcome)
    assert 40 <= len(measured) <= 60
    assert all(isinstance(outcome, Activity) for outcome in measured)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_ca_file_that_is_none_is_named(tmp_path: Path, content: str | None) -> None:
    """A missing, empty or other file is a mistake of the configuration, told before any login."""
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    (tmp_path / "office").mkdir()
    with (
        an_office(tmp_path / "office", addresses(1)) as place,
        pytest.raises(ConfigurationError, match=r"ca\.pem.*server\.ca_file"),
        a_source(place, ca_file=ca_file),
    ):
        pass
