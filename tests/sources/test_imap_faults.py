"""Faults of IMAP servers end as what they are: of a mailbox, of the login, of the server."""

import base64
import time
import tracemalloc
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from scripted_imap import AFTER_LOGIN, CAPABILITIES, SOUND, Said, scripted

from dovecot_builders import outcomes_of
from mailaudit.errors import ServerError
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.sources import schedule
from mailaudit.sources.faults import LoginRefusedError
from mailaudit.sources.imap import wire
from mailaudit.sources.imap.connection import ImapConnection
from mailaudit.sources.shared_state import OwnCell
from mailaudit.sources.source import ThreadedSource

AN, BINH, CUC = "an@x.test", "binh@x.test", "cuc@x.test"
ONE_OF_EACH = (DayActivity(date(2026, 10, 7), sent=1, received=1, read=1),)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(wire, "_LONGEST_FACTOR", 3)


def is_sound(outcome: Outcome) -> bool:
    return isinstance(outcome, Activity) and outcome.days == ONE_OF_EACH


def why(outcome: Outcome) -> tuple[Reason, str]:
    assert isinstance(outcome, Unmeasured)
    return outcome.reason, outcome.detail


@pytest.mark.parametrize(
    "capabilities",
    [AFTER_LOGIN, AFTER_LOGIN.replace(" SEARCHRES", ""), "IMAP4rev1"],
    ids=["SEARCHRES", "ESEARCH", "neither"],
)
def test_servers_of_any_age_give_the_same(tmp_path: Path, capabilities: str) -> None:
    """What a server lacks costs a flight more, and changes nothing."""
    login: Said = ("", f"OK [CAPABILITY {capabilities}] in")
    with scripted(tmp_path, {"AUTHENTICATE": login}) as server:
        found = outcomes_of(server.server, [AN, BINH, CUC])
    assert all(map(is_sound, found.values()))


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        ("NO [AUTHORIZATIONFAILED] x", Reason.ACCESS_DENIED, "AUTHORIZATIONFAILED"),
        ("NO [NONEXISTENT] x", Reason.NO_MAILBOX, "NONEXISTENT"),
        ("NO [UNAVAILABLE] x", Reason.UNAVAILABLE, "UNAVAILABLE"),
        ("NO [INUSE] x", Reason.SERVER_BUSY, "INUSE"),
        ("NO [LIMIT] x", Reason.SERVER_BUSY, "LIMIT"),
        ("NO [MADE-UP] secret text", Reason.MALFORMED_ANSWER, "NO to AUTHENTICATE"),
        ("BAD what", Reason.MALFORMED_ANSWER, "BAD to AUTHENTICATE"),
    ],
)
def test_login_refused_for_one_mailbox_is_of_that_mailbox(
    tmp_path: Path, answer: str, reason: Reason, detail: str
) -> None:
    """The others are read; what the server says in words is kept nowhere."""
    refused = base64.b64encode(f"{BINH}\0svc\0s".encode()).decode()

    def login(command: str, _: int) -> Said:
        return ("", answer) if refused in command else SOUND["AUTHENTICATE"]

    with scripted(tmp_path, {"AUTHENTICATE": login}, max_connections=1) as server:
        found = outcomes_of(server.server, [AN, BINH, CUC])
    assert is_sound(found[AN])
    assert is_sound(found[CUC])
    assert why(found[BINH]) == (reason, detail)


@pytest.mark.parametrize("answer", ["NO [AUTHENTICATIONFAILED] no", "NO Login failed."])
def test_wrong_password_is_tried_once(tmp_path: Path, answer: str) -> None:
    """By one thread of four, and then by none."""
    mailboxes = [f"m{number}@x.test" for number in range(12)]
    with scripted(tmp_path, {"AUTHENTICATE": ("", answer)}, max_connections=4) as server:
        with pytest.raises(LoginRefusedError):
            outcomes_of(server.server, mailboxes)
        assert len(server.commands("AUTHENTICATE")) == 1


def test_password_that_was_right_is_looked_at_once_more(tmp_path: Path) -> None:
    """A refusal may be said of one mailbox: the one read before decides whether it is."""
    refused = base64.b64encode(f"{BINH}\0svc\0s".encode()).decode()

    def login(command: str, _: int) -> Said:
        return ("", "NO [AUTHENTICATIONFAILED]") if refused in command else SOUND["AUTHENTICATE"]

    with scripted(tmp_path, {"AUTHENTICATE": login}, max_connections=1) as server:
        found = outcomes_of(server.server, [AN, BINH, CUC])
        tried = [one for one in server.commands("AUTHENTICATE") if refused in one]
    assert is_sound(found[AN])
    assert is_sound(found[CUC])
    assert why(found[BINH]) == (Reason.ACCESS_DENIED, "AUTHENTICATIONFAILED")
    assert len(tried) == 1


def test_password_changed_in_the_middle_ends_the_run(tmp_path: Path) -> None:
    """After the refusal one more login, and no further one."""
    count = 0

    def login(_command: str, _: int) -> Said:
        nonlocal count
        count += 1
        return SOUND["AUTHENTICATE"] if count < 3 else ("", "NO [AUTHENTICATIONFAILED]")

    mailboxes = [f"m{number}@x.test" for number in range(12)]
    with scripted(tmp_path, {"AUTHENTICATE": login}, max_connections=1) as server:
        with pytest.raises(LoginRefusedError):
            outcomes_of(server.server, mailboxes)
        assert len(server.commands("AUTHENTICATE")) == 4


def test_account_without_any_right_ends_the_run(tmp_path: Path) -> None:
    mailboxes = [f"m{number}@x.test" for number in range(30)]
    refused: Said = ("", "NO [AUTHORIZATIONFAILED] x")
    with (
        scripted(tmp_path, {"AUTHENTICATE": refused}) as server,
        pytest.raises(ServerError, match="may not open any"),
    ):
        outcomes_of(server.server, mailboxes)


FETCH = SOUND["UID FETCH"][0]
HUGE = b"x" * 1024 * 1024


@pytest.mark.parametrize(
    ("command", "said", "reason", "detail"),
    [
        ("LIST", ('* LIST () "/" {4294967296}\r\n', ""), "malformed", "literal too large"),
        ("LIST", ("* LIST " + "(" * 5000 + "\r\n", "OK"), "malformed", "unreadable answer"),
        ("LIST", ('* LIST () "/" {6}\r\nA\r\nB C\r\n', "OK"), "malformed", "unreadable folder"),
        ("LIST", ("", "OK done"), "malformed", "no folders"),
        ("LIST", ("\x00\x01garbage\r\n", "OK done"), "malformed", "not an IMAP answer"),
        ("UID FETCH", (HUGE + HUGE, ""), "malformed", "line too long"),
        ("UID FETCH", (str(FETCH) * 2, "OK done"), "malformed", "mails missing"),
        ("UID FETCH", ("", "OK done"), "malformed", "mails missing"),
        ("UID FETCH", (str(FETCH).replace("Oct", "Xyz"), "OK"), "malformed", "unreadable date"),
        ("UID FETCH", (str(FETCH)[:40], ""), "timed", "connection lost"),
        ("UID FETCH", ("* BYE shutting down\r\n", ""), "moved", "BYE"),
        ("UID FETCH", ("", "NO [EXPUNGEISSUED] gone"), "moved", "EXPUNGEISSUED"),
        ("UID SEARCH RETURN (SAVE", ("", "OK"), "malformed", "no answer to SEARCH"),
        ("EXAMINE", ("", "NO [NOPERM] x"), "access", "NOPERM to EXAMINE"),
        ("EXAMINE", ("", "NO [NONEXISTENT] x"), "moved", "NONEXISTENT"),
    ],
)
def test_hostile_and_broken_answers_end_in_time(
    tmp_path: Path, command: str, said: Said, reason: str, detail: str
) -> None:
    """Each ends as what it is, never as a mailbox without use."""
    with scripted(tmp_path, {command: said}) as server:
        found = outcomes_of(server.server, [AN])
    assert why(found[AN])[0].value.startswith(reason)
    assert why(found[AN])[1] == detail


def test_folder_gone_since_it_was_listed_is_asked_for_again(tmp_path: Path) -> None:
    """A folder that vanishes is no missing mailbox: the second time it is not listed any more."""
    gone = iter([True])

    def examine(_command: str, _: int) -> Said:
        return ("", "NO [NONEXISTENT] x") if next(gone, False) else SOUND["EXAMINE"]

    with scripted(tmp_path, {"EXAMINE": examine}) as server:
        assert is_sound(outcomes_of(server.server, [AN])[AN])


def test_uidvalidity_changed_in_the_middle_is_read_again(tmp_path: Path) -> None:
    """Numbers of another folder are not believed; the next try finds it settled."""
    asked = 0

    def examine(_command: str, _: int) -> Said:
        nonlocal asked
        asked += 1
        return f"* OK [UIDVALIDITY {8 if asked == 3 else 7}] valid\r\n", "OK done"

    old: Said = ("", "OK [CAPABILITY IMAP4rev1] in")
    with scripted(tmp_path, {"EXAMINE": examine, "AUTHENTICATE": old}) as server:
        assert is_sound(outcomes_of(server.server, [AN])[AN])
    assert asked > 4


def slow_drip(_command: str, _: int) -> Said:
    time.sleep(60)
    return "", "OK"


def test_silence_and_a_slow_drip_end_in_time(tmp_path: Path) -> None:
    """A mailbox takes no longer than its timeouts, tries included."""
    since = time.monotonic()
    with scripted(tmp_path, {"UID FETCH": slow_drip}, timeout_s=0.3) as server:
        found = outcomes_of(server.server, [AN])
    assert why(found[AN]) == (Reason.TIMED_OUT, "timed out")
    assert time.monotonic() - since < 30


def test_server_gone_is_said_of_the_server(tmp_path: Path) -> None:
    with scripted(tmp_path) as server:
        pass
    with (
        closing(ThreadedSource(server.server, frozenset(), now)) as source,
        pytest.raises(ServerError, match="nothing answers on its port"),
    ):
        source.check()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize(
    ("greeting", "says"),
    [
        (b"* BYE too many connections\r\n", "busy or being restarted"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not answer as an IMAP server"),
        (b"* PREAUTH welcome\r\n", "does not answer as an IMAP server"),
        (b"* OK [CAPABILITY IMAP4rev1 AUTH=GSSAPI] x\r\n", "does not offer the login PLAIN"),
    ],
)
def test_check_says_what_it_met(tmp_path: Path, greeting: bytes, says: str) -> None:
    with scripted(tmp_path, greeting=greeting) as server:
        connection = ImapConnection(server.server, OwnCell())
        with pytest.raises(ServerError, match=says):
            connection.check()
        assert not server.commands("AUTHENTICATE")


def test_certificate_of_another_authority_is_not_trusted(tmp_path: Path) -> None:
    """Nothing is said to such a server."""
    with scripted(tmp_path) as server:
        (tmp_path / "other").mkdir()
        with scripted(tmp_path / "other"):
            pass
        forged = type(server.server)(
            host="localhost", port=server.server.port, auth="plain", username="svc", secret="s",
            ca_file=tmp_path / "other" / "ca.pem",
        )  # fmt: skip
        with pytest.raises(ServerError, match="can't be trusted"):
            ImapConnection(forged, OwnCell()).check()
        assert not server.heard


def test_what_the_server_is_stands_in_the_snapshot(tmp_path: Path) -> None:
    greeting = f"* OK [CAPABILITY {CAPABILITIES} ID]\r\n".encode()
    with (
        scripted(tmp_path, greeting=greeting) as server,
        closing(ThreadedSource(server.server, frozenset(), now)) as source,
    ):
        source.check()
        assert source.describe().reported == "Test 1"


def many_mails(count: int) -> bytes:
    return "".join(
        f"* {n} FETCH (UID {n} FLAGS ()"
        f' INTERNALDATE "07-Oct-2026 10:{n // 60 % 60:02d}:00 +0700")\r\n'
        for n in range(1, count + 1)
    ).encode()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_mails_of_a_mailbox(tmp_path: Path) -> None:
    """20,000 mails a folder need no more than 2,000 do."""
    peaks = []
    for count in (2000, 20_000):
        search: Said = (f'* ESEARCH (TAG "x") UID COUNT {count}\r\n', "OK done")
        script = {"UID SEARCH RETURN (SAVE": search, "UID FETCH": (many_mails(count), "OK done")}
        with scripted(tmp_path, script, timeout_s=20.0) as server:
            outcomes_of(server.server, [AN])
            tracemalloc.start()
            found = outcomes_of(server.server, [AN])
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        an = found[AN]
        assert isinstance(an, Activity)
        assert an.days == (DayActivity(date(2026, 10, 7), sent=count, received=count),)
    assert peaks[1] < peaks[0] + 1024 * 1024
