"""The EWS source against the demonstration server: HTTPS, NTLM, impersonation, real sockets."""

import importlib.util
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_builders import addresses, an_office
from source_builders import (
    MAY,
    PEOPLE,
    a_source,
    all_of,
    ews_server,
    outcomes_of,
    requests_in,
    write_traffic,
)

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.errors import ConfigurationError, ServerError
from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews import body
from mailaudit.sources.ews.server import EwsServer


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    folder = tmp_path_factory.mktemp("served")
    failing = {
        "p1@tinh.test": "ErrorMailboxStoreUnavailable",
        "p2@tinh.test": "ErrorImpersonateUserDenied",
        "p3@tinh.test": "ErrorMailboxMoveInProgress",
    }
    with served(folder, Options(**write_traffic(folder), failing=failing)) as place:
        yield place


def test_source_measures_what_the_server_holds(place: ServedAt) -> None:
    """Three mails sent and three received on three days, all from inside, read or not."""
    outcomes = outcomes_of(place, ["p0@tinh.test", "p5@tinh.test"])
    for address, read in (("p0@tinh.test", 3), ("p5@tinh.test", 0)):
        activity = outcomes[address]
        assert isinstance(activity, Activity)
        assert [day.sent for day in activity.days] == [1, 1, 1]
        assert sum(day.received for day in activity.days) == 3
        assert sum(day.received_inside for day in activity.days) == 3
        assert sum(day.read for day in activity.days) == read


def test_source_gives_every_mailbox_its_reason(place: ServedAt) -> None:
    """What the server refuses is Unmeasured with the reason and the server's own code."""
    outcomes = outcomes_of(place, [*PEOPLE, "nobody@tinh.test"])
    reasons = {
        address: (outcome.reason, outcome.detail)
        for address, outcome in outcomes.items()
        if isinstance(outcome, Unmeasured)
    }
    assert reasons == {
        "p1@tinh.test": (Reason.UNAVAILABLE, "ErrorMailboxStoreUnavailable"),
        "p2@tinh.test": (Reason.ACCESS_DENIED, "ErrorImpersonateUserDenied"),
        "p3@tinh.test": (Reason.UNAVAILABLE, "ErrorMailboxMoveInProgress"),
        "nobody@tinh.test": (Reason.NO_MAILBOX, "ErrorNonExistentMailbox"),
    }


def test_source_asks_two_requests_a_mailbox_on_few_connections(tmp_path: Path) -> None:
    """Folders, then items: two requests a mailbox, never more connections than allowed."""
    log = tmp_path / "access.log"
    with served(
        tmp_path, Options(**write_traffic(tmp_path), access_log=log, latency_ms=20)
    ) as place:
        outcomes_of(place, PEOPLE, max_connections=2)
    answered = [entry for entry in requests_in(log) if entry["status"] == 200]
    assert [e["operation"] for e in answered].count("FindFolder") == len(PEOPLE)
    assert [e["operation"] for e in answered].count("FindItem") == len(PEOPLE)
    assert len(answered) == 2 * len(PEOPLE)
    assert max(entry["open"] for entry in requests_in(log)) <= 2


def test_source_skips_items_where_nothing_can_have_arrived(tmp_path: Path) -> None:
    """Folders unchanged since before the Period are known idle from the folder answer alone."""
    log = tmp_path / "access.log"
    with served(tmp_path, Options(**write_traffic(tmp_path), access_log=log)) as place:
        with a_source(place) as source:
            (outcome,) = all_of(source, Job(["p0@tinh.test"], Period(2026, 7)))
        assert isinstance(outcome, Activity)
        assert outcome.days == ()
    assert [e["operation"] for e in requests_in(log) if e["status"] == 200] == ["FindFolder"]


def test_source_reads_servers_without_well_known_names(tmp_path: Path) -> None:
    """Where folders do not say what they are, they are asked for by name."""
    with served(tmp_path, Options(**write_traffic(tmp_path), well_known_names=False)) as place:
        outcomes = outcomes_of(place, PEOPLE)
    for outcome in outcomes.values():
        assert isinstance(outcome, Activity)
        assert sum(day.sent for day in outcome.days) == 3
        assert sum(day.received for day in outcome.days) == 3


@pytest.mark.parametrize("shared_by_all_folders", [False, True])
def test_source_loses_nothing_to_small_pages(tmp_path: Path, shared_by_all_folders: bool) -> None:
    """Pages of two, also when the later folders of a call are cut to nothing."""
    with served(
        tmp_path,
        Options(
            **write_traffic(tmp_path),
            find_limit=2,
            find_limit_over_all_folders=shared_by_all_folders,
        ),
    ) as place:
        outcomes = outcomes_of(place, PEOPLE)
    for outcome in outcomes.values():
        assert isinstance(outcome, Activity)
        assert sum(day.sent for day in outcome.days) == 3
        assert sum(day.received for day in outcome.days) == 3


def test_source_asks_folder_by_folder_for_what_is_too_large_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mailbox whose folders fill more than one answer may hold is measured all the same."""
    traffic = write_traffic(tmp_path)
    lines = [f"2026-05-04T01:{at:02d}:00Z,p0@tinh.test,p1@tinh.test,1" for at in range(40)]
    lines += [line.replace("p0@tinh.test,p1@", "p1@tinh.test,p0@") for line in lines]
    traffic["traffic"].write_text("sent_at_utc,sender,recipient,read\n" + "\n".join(lines), "utf-8")
    monkeypatch.setattr(body, "MAX_ANSWER_BYTES", 30_000)  # 40 mails have some 20,000
    with served(tmp_path, Options(**traffic)) as place:
        outcome = outcomes_of(place, ["p0@tinh.test"])["p0@tinh.test"]
    assert isinstance(outcome, Activity)
    assert [(day.sent, day.received) for day in outcome.days] == [(40, 40)]


def test_source_logs_in_with_basic_too(tmp_path: Path) -> None:
    """Basic authentication works over TLS."""
    with served(tmp_path, Options(**write_traffic(tmp_path), auth="basic")) as place:
        with a_source(place, auth="basic") as source:
            source.check()
            (outcome,) = all_of(source, Job(["p0@tinh.test"], MAY))
        assert isinstance(outcome, Activity)


@pytest.mark.parametrize(("auth", "requests"), [("ntlm", 3), ("basic", 1)])
def test_check_tries_a_wrong_password_once(tmp_path: Path, auth: str, requests: int) -> None:
    """A refused login stops the run after one attempt, so that no account is locked out.

    With NTLM that is an anonymous request, the negotiation and the one attempt.
    """
    log = tmp_path / "access.log"
    with (
        served(tmp_path, Options(**write_traffic(tmp_path), auth=auth, access_log=log)) as place,
        a_source(place, auth=auth, secret="hunter2!") as source,
        pytest.raises(ServerError, match="refuses the login") as caught,
    ):
        source.check()
    assert "hunter2!" not in str(caught.value)
    assert len(requests_in(log)) == requests


def test_check_refuses_an_untrusted_certificate(place: ServedAt) -> None:
    """Without the CA file the server is not believed, and the message says what to set."""
    with (
        a_source(place, ca_file=None) as source,
        pytest.raises(ServerError, match=r"can't be trusted.*server\.ca_file"),
    ):
        source.check()


def test_check_refuses_another_hosts_certificate(place: ServedAt) -> None:
    """A certificate for 127.0.0.1 does not make localhost-by-another-name trusted."""
    with (
        a_source(place, url=place.url.replace("127.0.0.1", "127.0.0.2")) as source,
        pytest.raises(ServerError),
    ):
        source.check()


@pytest.mark.slow
@pytest.mark.parametrize("listening", [False, True])
def test_check_reports_an_unreachable_server_within_half_a_minute(
    place: ServedAt, listening: bool
) -> None:
    """A port nobody listens on, and one that accepts and says nothing."""
    since = time.monotonic()
    with socket.socket() as dumb:
        dumb.bind(("127.0.0.1", 0))
        if listening:
            dumb.listen()
        url = f"https://127.0.0.1:{dumb.getsockname()[1]}/EWS/Exchange.asmx"
        with (
            a_source(place, url=url) as source,
            pytest.raises(ServerError, match="can't be reached"),
        ):
            source.check()
    assert time.monotonic() - since < 30


def test_check_reports_a_server_that_is_no_exchange(place: ServedAt) -> None:
    """A wrong path on the right host is distinguished from a refused login."""
    with (
        a_source(place, url=place.url.replace("Exchange.asmx", "Other.asmx")) as source,
        pytest.raises(ServerError, match="does not answer as an Exchange web service"),
    ):
        source.check()


def test_check_reports_a_server_that_is_busy(tmp_path: Path) -> None:
    """A server that is being restarted is reached, and the address is right."""
    with (
        an_office(tmp_path, addresses(1), {"kind": "http-503", "from_request": 1}) as place,
        a_source(place) as source,
        pytest.raises(ServerError, match=r"busy or being restarted: HTTP 503.*later"),
    ):
        source.check()


def test_secret_is_in_no_representation(place: ServedAt) -> None:
    """Printing the server or an error never shows the password."""
    assert ews_server(place, secret="hunter2!").secret == "hunter2!"
    assert "hunter2!" not in repr(ews_server(place, secret="hunter2!"))


def test_source_reads_recoverable_items_where_reported_to(tmp_path: Path) -> None:
    """The folder of what was deleted for good is asked for beside the others, in one request."""
    log = tmp_path / "access.log"
    with served(
        tmp_path, Options(**write_traffic(tmp_path), access_log=log, log_bodies=True)
    ) as place:
        outcomes = outcomes_of(place, PEOPLE, recoverable_items=True)
    assert all(isinstance(outcome, Activity) for outcome in outcomes.values())
    asked = [entry for entry in requests_in(log) if entry["operation"] == "FindItem"]
    assert len(asked) == len(PEOPLE)
    assert all('Id="recoverableitemsdeletions"' in entry["request"] for entry in asked)


def test_kerberos_without_its_package_says_what_to_install(place: ServedAt) -> None:
    """The extra is named, where it is not installed."""
    if importlib.util.find_spec("requests_gssapi") is not None:
        pytest.skip("the Kerberos package is installed here")
    with (
        pytest.raises(ConfigurationError, match=r"whl\[kerberos\]"),
        a_source(place, auth="kerberos"),
    ):
        pass


def test_oauth_without_a_token_says_what_to_check(place: ServedAt) -> None:
    """No token server can be reached from here: one message, not a traceback."""
    with (
        a_source(place, auth="oauth", tenant_id="t", client_id="c") as source,
        pytest.raises(ServerError, match=r"No OAuth token .* server\.tenant_id"),
    ):
        source.check()


@pytest.mark.parametrize("auth", ["kerberos", "windows"])
def test_account_without_a_name_is_called_the_one_logged_in(auth: str) -> None:
    """With a ticket, or as the user of Windows, nothing in the configuration names it."""
    server = EwsServer("https://mail.tinh.test/EWS", "Exchange2016", auth, "", "")
    assert str(server.account) == "the account that is logged in on this computer"
    assert server.describe().account == ""
