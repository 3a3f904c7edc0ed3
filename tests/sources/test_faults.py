"""Each fault of the demonstration server, and what the source must make of it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from fault_builders import (
    Fault,
    addresses,
    an_office,
    attempts,
    audited,
    counts,
    hurry,
    injected,
    inside_back_off,
    inside_retry_after,
    log_of,
    too_many_open,
)
from source_builders import MAY, a_source

from mailaudit.demo.options import ServedAt
from mailaudit.errors import ServerError
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.model.snapshot import Job
from mailaudit.sources import schedule

pytestmark = pytest.mark.slow

# What passes: on a mailbox's first requests, or harmless however often.
PASSING: dict[str, Fault] = {
    "busy": {"kind": "ErrorServerBusy", "back_off_ms": 400, "first": 2},
    "busy beside successes": {"kind": "ErrorServerBusy", "form": "message", "back_off_ms": 400,
                              "first": 1, "operation": "FindItem"},
    "too many requests": {"kind": "http-429", "retry_after": "1", "first": 1},
    "service unavailable": {"kind": "http-503", "first": 1},
    "page of an error": {"kind": "http-500", "first": 1},
    "bad gateway": {"kind": "http-502", "first": 1},
    "page of a proxy": {"kind": "http-200", "first": 2},
    # Several, because it needs a connection that is logged in when this mailbox's turn comes.
    **{f"session expired {n}": {"kind": "session-expired", "first": 2} for n in range(6)},
    "reset before the answer": {"kind": "reset-before", "first": 2},
    "reset inside the answer": {"kind": "reset-inside", "first": 2},
    "reset after the answer": {"kind": "reset-after"},
    "truncated folders": {"kind": "truncated", "first": 1},
    "truncated items": {"kind": "truncated", "kept": 0.9, "first": 1, "operation": "FindItem"},
    "malformed folders": {"kind": "malformed", "first": 1},
    "malformed items": {"kind": "malformed", "first": 1, "operation": "FindItem"},
    "other mailbox's folders": {"kind": "other-mailbox", "first": 2},
    "other mailbox's items": {"kind": "other-mailbox", "first": 1, "operation": "FindItem"},
    "other mailbox, no echo": {"kind": "other-mailbox", "echo": False, "first": 1,
                               "operation": "FindItem"},
    "stray answer": {"kind": "stray-answer", "first": 2},
    "stray answer, late": {"kind": "stray-answer", "first": 2, "delay_ms": 20},
    "slow drip": {"kind": "slow-drip", "first": 1, "seconds": 60.0},
    "latency": {"kind": "latency", "delay_ms": 700},
    "latency beyond patience": {"kind": "latency", "delay_ms": 4000, "first": 1},
    "store unavailable": {"kind": "ErrorMailboxStoreUnavailable", "first": 2},
    "move in progress": {"kind": "ErrorMailboxMoveInProgress", "form": "fault", "first": 2},
    "folder gone": {"kind": "ErrorFolderNotFound", "operation": "FindItem", "first": 1},
    "restriction refused once": {"kind": "ErrorInvalidRestriction", "operation": "FindItem",
                                 "first": 1},
    "folder growing": {"kind": "growing-folder", "operation": "FindItem",
                       "item_class": "REPORT.IPM.Note.NDR"},
    "call limit": {"kind": "call-limit", "items": 3, "operation": "FindItem"},
    "partial pages": {"kind": "partial-pages", "items": 3, "operation": "FindItem"},
    "repeated items": {"kind": "repeated-items", "operation": "FindItem"},
    "date missing once": {"kind": "date-missing", "operation": "FindItem", "first": 1},
    **{f"{digits} digits": {"kind": "date-digits", "digits": digits} for digits in (0, 3, 7, 9)},
    "zone east": {"kind": "date-zone", "hours": 7.0},
    "zone west": {"kind": "date-zone", "hours": -3.5},
    "sent mail deleted": {"kind": "sent-mail-deleted"},
    "other order of attributes": {"kind": "attribute-order"},
    **{f"control character {reference}": {"kind": "control-character", "reference": reference}
       for reference in ("&#x1F;", "&#0;", "&#xD83D;")},
    "entity bomb": {"kind": "entity-bomb", "first": 1},
    "huge answer": {"kind": "huge", "first": 1},
    "huge answer, declared": {"kind": "huge", "declared": True, "first": 1},
    "huge answer, packed": {"kind": "huge", "gzip": True, "first": 1},
}  # fmt: skip

# What stays, and what it is Unmeasured for.
LASTING: dict[str, tuple[Fault, Reason, str]] = {
    "busy": ({"kind": "ErrorServerBusy", "back_off_ms": 50}, Reason.SERVER_BUSY, "ErrorServerBusy"),
    "page of an error": ({"kind": "http-500"}, Reason.MALFORMED_ANSWER, "HTTP 500"),
    "page of a proxy": ({"kind": "http-200"}, Reason.MALFORMED_ANSWER, ""),
    "reset": ({"kind": "reset-before"}, Reason.TIMED_OUT, ""),
    "reset inside": ({"kind": "reset-inside"}, Reason.TIMED_OUT, "connection lost"),
    "truncated": ({"kind": "truncated"}, Reason.MALFORMED_ANSWER, "not XML"),
    "malformed": ({"kind": "malformed"}, Reason.MALFORMED_ANSWER, "not XML"),
    "other mailbox": (
        {"kind": "other-mailbox"}, Reason.MALFORMED_ANSWER, "answer to another request"),
    "other mailbox, no echo": (
        {"kind": "other-mailbox", "echo": False}, Reason.MALFORMED_ANSWER,
        "answer to another request"),
    "latency": ({"kind": "latency", "delay_ms": 4000}, Reason.TIMED_OUT, "timed out"),
    "slow drip": (
        {"kind": "slow-drip", "seconds": 30.0, "pieces": 6}, Reason.TIMED_OUT,
        "answer too slow"),
    "store unavailable": (
        {"kind": "ErrorMailboxStoreUnavailable"}, Reason.UNAVAILABLE,
        "ErrorMailboxStoreUnavailable"),
    "move in progress": (
        {"kind": "ErrorMailboxMoveInProgress"}, Reason.UNAVAILABLE, "ErrorMailboxMoveInProgress"),
    "no mailbox": (
        {"kind": "ErrorNonExistentMailbox"}, Reason.NO_MAILBOX, "ErrorNonExistentMailbox"),
    "alias": (
        {"kind": "ErrorNonPrimarySmtpAddress"}, Reason.NO_MAILBOX, "ErrorNonPrimarySmtpAddress"),
    "denied, HTTP 500": (
        {"kind": "ErrorImpersonateUserDenied"}, Reason.ACCESS_DENIED,
        "ErrorImpersonateUserDenied"),
    "denied, HTTP 200": (
        {"kind": "ErrorImpersonateUserDenied", "form": "fault-200"}, Reason.ACCESS_DENIED,
        "ErrorImpersonateUserDenied"),
    "no mailbox, front end": (
        {"kind": "http-500", "cas_error": "UserNotFound"}, Reason.NO_MAILBOX, "UserNotFound"),
    "no mailbox, front end, HTTP 404": (
        {"kind": "http-404", "cas_error": "CAS error: MailboxGuidWithDomainNotFound"},
        Reason.NO_MAILBOX, "MailboxGuidWithDomainNotFound"),
    "front end finds no server": (
        {"kind": "http-500", "cas_error": "ServerLocatorError"}, Reason.UNAVAILABLE,
        "ServerLocatorError"),
    "front end busy": (
        {"kind": "http-500", "cas_error": "TooManyOutstandingProxyRequests"}, Reason.SERVER_BUSY,
        "TooManyOutstandingProxyRequests"),
    "front end, unknown code": (
        {"kind": "http-500", "cas_error": "SomethingElse"}, Reason.MALFORMED_ANSWER,
        "SomethingElse"),
    "front end, no code": (
        {"kind": "http-500", "cas_error": "a <b>"}, Reason.MALFORMED_ANSWER, "HTTP 500"),
    "access denied": ({"kind": "ErrorAccessDenied"}, Reason.ACCESS_DENIED, "ErrorAccessDenied"),
    "folder never there": (
        {"kind": "ErrorFolderNotFound", "operation": "FindItem"}, Reason.UNAVAILABLE,
        "ErrorFolderNotFound"),
    "restriction refused": (
        {"kind": "ErrorInvalidRestriction", "operation": "FindItem"}, Reason.MALFORMED_ANSWER,
        "ErrorInvalidRestriction"),
    "items without date": (
        {"kind": "date-missing", "operation": "FindItem"}, Reason.MALFORMED_ANSWER,
        "unreadable date"),
    "entity bomb": ({"kind": "entity-bomb"}, Reason.MALFORMED_ANSWER, ""),
    "huge answer": ({"kind": "huge"}, Reason.MALFORMED_ANSWER, "answer too large"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A run over an office, each of whose mailboxes has a fault of its own."""

    place: ServedAt
    outcomes: dict[str, Outcome]
    sound: dict[str, Outcome]

    def of(self, names: list[str], name: str) -> tuple[Outcome, Outcome]:
        """What became of the mailbox with this fault, and of it on a server without fault."""
        address = addresses(len(names))[names.index(name)]
        return self.outcomes[address], self.sound[address]


def _run(folder: Path, faults: list[Fault]) -> Iterator[Run]:
    people = addresses(len(faults))
    (folder / "sound").mkdir()
    with an_office(folder / "sound", people) as place:
        sound = audited(place, people)
    own = [{**fault, "mailboxes": [one]} for fault, one in zip(faults, people, strict=True)]
    with pytest.MonkeyPatch.context() as patch, an_office(folder, people, *own) as place:
        hurry(patch)
        yield Run(place, audited(place, people, max_connections=8, timeout_s=2.0), sound)


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    yield from _run(tmp_path_factory.mktemp("passing"), list(PASSING.values()))


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    yield from _run(tmp_path_factory.mktemp("lasting"), [fault for fault, _, _ in LASTING.values()])


@pytest.mark.parametrize("name", PASSING)
def test_passing_fault_changes_no_count(passing: Run, name: str) -> None:
    """A mailbox that meets a passing fault is measured, exactly as without it."""
    outcome, sound = passing.of(list(PASSING), name)
    assert isinstance(sound, Activity)
    assert sum(day.sent + day.received for day in sound.days) >= 8
    assert not isinstance(outcome, Unmeasured), outcome
    assert counts(outcome) == counts(sound)


@pytest.mark.parametrize("name", LASTING)
def test_lasting_fault_leaves_the_mailbox_unmeasured(lasting: Run, name: str) -> None:
    """A mailbox whose fault does not pass is Unmeasured with the reason that fits."""
    _, reason, detail = LASTING[name]
    outcome, _ = lasting.of(list(LASTING), name)
    assert isinstance(outcome, Unmeasured), outcome
    assert outcome.reason is reason
    assert outcome.detail == detail or not detail


@pytest.mark.parametrize("runs", ["passing", "lasting"])
def test_faults_really_happened(runs: str, request: pytest.FixtureRequest) -> None:
    """The server can do every kind of the list: no test above passes for want of a fault."""
    run: Run = request.getfixturevalue(runs)
    faults = PASSING.values() if runs == "passing" else [fault for fault, _, _ in LASTING.values()]
    assert set(injected(run.place)) == {fault["kind"] for fault in faults}


@pytest.mark.parametrize("runs", ["passing", "lasting"])
def test_faults_do_not_make_the_source_impolite(runs: str, request: pytest.FixtureRequest) -> None:
    """No request inside a back-off, none inside a Retry-After, never more connections."""
    log = log_of(request.getfixturevalue(runs).place)
    assert inside_back_off(log) == []
    assert inside_retry_after(log) == []
    assert too_many_open(log, 8) == []


def test_lasting_fault_is_asked_again_a_bounded_number_of_times(lasting: Run) -> None:
    """What may pass is tried a few times and once more at the end; a refusal is not."""
    names = list(LASTING)
    asked = [entry["mailbox"] for entry in log_of(lasting.place)]
    for name, times in (("truncated", schedule.MAX_TRIES + 1), ("access denied", 1)):
        assert asked.count(addresses(len(names))[names.index(name)]) == times


def test_growing_folder_is_counted_with_what_grew(tmp_path: Path) -> None:
    """Mail that arrives while a folder is paged is counted once, and none of the old is lost."""
    people = addresses(2)
    grows = {"kind": "growing-folder", "operation": "FindItem", "first": 2, "items": 2}
    with an_office(tmp_path, people) as place:
        before = audited(place, people)[people[0]]
    with an_office(tmp_path, people, {**grows, "mailboxes": people[:1]}) as place:
        after = audited(place, people)[people[0]]
    assert isinstance(before, Activity)
    assert isinstance(after, Activity)
    received = [sum(day.received for day in outcome.days) for outcome in (before, after)]
    assert received[1] == received[0] + 2 * 2


def test_busy_mailbox_waits_alone_and_exactly(tmp_path: Path) -> None:
    """A mailbox in its back-off is left in peace for all of it, while the others go on."""
    people = addresses(60)
    fault = {
        "kind": "ErrorServerBusy",
        "back_off_ms": 2000,
        "first": 1,
        "mailboxes": people[:60:15],
    }
    with an_office(tmp_path, people, fault, latency_ms=5) as place:
        outcomes = audited(place, people)
    assert all(isinstance(outcome, Activity) for outcome in outcomes.values())
    log = log_of(place)
    assert injected(place) == {"ErrorServerBusy": 4}
    assert inside_back_off(log) == []
    began = log[0]["at"]
    assert sum(entry["at"] - began < 2.0 for entry in log if entry["mailbox"]) >= 2 * 56


@pytest.mark.parametrize("after", ["2", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_server_that_asks_for_silence_gets_it(tmp_path: Path, status: int, after: str) -> None:
    """Retry-After stops every request until then, and then all goes on."""
    people = addresses(40)
    fault = {"kind": f"http-{status}", "retry_after": "2", "at_request": 20}
    if after == "date":
        fault["retry_after"] = "Fri, 31 Dec 1999 23:59:59 GMT"  # over: nothing to wait for
    with an_office(tmp_path, people, fault, latency_ms=5) as place:
        outcomes = audited(place, people, max_connections=8)
    assert all(isinstance(outcome, Activity) for outcome in outcomes.values())
    log = log_of(place)
    assert injected(place) == {f"http-{status}": 1}
    assert inside_retry_after(log) == []
    if after == "2":
        silence = [entry["at"] for entry in log]
        assert max(b - a for a, b in pairwise(silence)) > 1.5


def test_session_that_expires_is_renewed_once(tmp_path: Path) -> None:
    """An expired session costs one login, not one for every thread."""
    people = addresses(40)
    fault = {"kind": "session-expired", "at_request": 30}
    with an_office(tmp_path, people, fault) as place:
        outcomes = audited(place, people, max_connections=4)
    assert all(isinstance(outcome, Activity) for outcome in outcomes.values())
    log = log_of(place)
    assert attempts(log) == 0
    assert sum(entry.get("attempt", False) for entry in log) <= 4 + 1


def test_login_cut_off_half_way_is_no_refused_password(tmp_path: Path) -> None:
    """A handshake that goes on with another connection is answered 401, and tried again."""
    people = addresses(40)
    fault = {"kind": "handshake-cut", "at_request": 30}
    with pytest.MonkeyPatch.context() as patch, an_office(tmp_path, people, fault) as place:
        hurry(patch)
        outcomes = audited(place, people, max_connections=4)
    assert injected(place) == {"handshake-cut": 1}
    assert all(isinstance(outcome, Activity) for outcome in outcomes.values())
    assert attempts(log_of(place)) == 0  # no proof is sent on another connection


@pytest.mark.parametrize(("auth", "most"), [("ntlm", 1), ("basic", 4 + 1)])
def test_password_changed_in_mid_run_is_tried_once(tmp_path: Path, auth: str, most: int) -> None:
    """The run stops with a message, and the account is not locked out.

    NTLM logs connections in, one at a time: one attempt. Basic sends the password with every
    request: those under way, and one to make sure.
    """
    people = addresses(200)
    fault = {"kind": "password-changed", "at_request": 60}
    with (
        an_office(tmp_path, people, fault, auth=auth, latency_ms=10) as place,
        a_source(place, auth=auth, max_connections=4) as source,
    ):
        source.check()
        measured: list[Outcome] = []
        with pytest.raises(ServerError, match="refuses the login"):
            for batch in source.outcomes(Job(people, MAY)):
                measured.extend(batch)
    assert 1 <= attempts(log_of(place)) <= most


def test_renewed_certificate_of_the_same_authority_is_accepted(tmp_path: Path) -> None:
    """All connections closed and another certificate shown: the run goes on as if nothing was."""
    people = addresses(60)
    with an_office(tmp_path, people) as place:
        sound = audited(place, people)
    fault = {"kind": "tls-renewal", "at_request": 50}
    with pytest.MonkeyPatch.context() as patch, an_office(tmp_path, people, fault) as place:
        hurry(patch)
        outcomes = audited(place, people)
    assert injected(place) == {"tls-renewal": 1}
    assert {one: counts(o) for one, o in outcomes.items()} == {
        one: counts(o) for one, o in sound.items()
    }


@pytest.mark.parametrize("processes", [1, 2])
def test_stray_answers_shift_no_other_where_ids_are_not_repeated(
    tmp_path: Path, processes: int
) -> None:
    """An error and a second answer after it, at once or late: no mailbox gets another one's."""
    people = addresses(120)
    with an_office(tmp_path, people) as place:
        sound = audited(place, people)
    strays = [
        {
            "kind": "stray-answer",
            "status": status,
            "delay_ms": delay_ms,
            "operation": operation,
            "first": 1,
            "mailboxes": people[number::24],
        }
        for number, (status, delay_ms, operation) in enumerate(
            itertools.product((500, 200), (0, 3, 30), ("FindFolder", "FindItem"))
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch)
        with an_office(tmp_path, people, *strays, echoes_ids=False) as place:
            connections = 2 if processes == 1 else 9
            outcomes = audited(
                place, people, processes=processes, max_connections=connections, timeout_s=5
            )
    assert injected(place) == {"stray-answer": 5 * 12}
    assert {one: counts(o) for one, o in outcomes.items()} == {
        one: counts(o) for one, o in sound.items()
    }
