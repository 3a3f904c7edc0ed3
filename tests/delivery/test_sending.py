"""Sending through a real SMTP server, noted in a real store: each mail once, whatever happens."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from edition_builders import OCTOBER, SOURCE, a_roster, an_edition

from mailaudit.delivery.mail import Mail, bytes_of, message_of
from mailaudit.delivery.mailer import readable_reply
from mailaudit.delivery.parts import last_attempts, missing
from mailaudit.delivery.plan import Recipient
from mailaudit.delivery.sending import Pace, Sender
from mailaudit.delivery.smtp import SmtpMailer, SmtpServer
from mailaudit.errors import ConfigurationError, DeliveryError, StoreError
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import DeliveryLedger, SnapshotStore
from smtp_server import ACCOUNT, FROM, PASSWORD, PostOffice, post_office, read

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
ADDRESSES = [f"head{n}@vidu.gov.vn" for n in range(8)]
FIRST, SECOND, THIRD = ADDRESSES[:3]


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """One server for all tests."""
    with post_office(tmp_path_factory.mktemp("post")) as office:
        yield office


@pytest.fixture
def office(shared_office: PostOffice) -> PostOffice:
    """The server, as if it had just been started."""
    shared_office.reset()
    return shared_office


class Work:
    """A store with a month, and runs that deliver it."""

    def __init__(self, folder: Path, office: PostOffice) -> None:
        self.file = folder / "s.db"
        with SnapshotStore.at(self.file) as store:
            self.snapshot: Snapshot = an_edition(store)
        self.ledger = DeliveryLedger(self.file)
        self.server = server_of(office)
        self.waits: list[float] = []
        self.wait: Callable[[float], None] = self.waits.append
        self.stop: Callable[[], None] = lambda: None

    def run(self, addresses: list[str] = ADDRESSES) -> dict[str, Fate]:
        """Sends to those who have no mail yet; what became of each, by address."""
        found: dict[str, Fate] = {}
        last = last_attempts(self.ledger, OCTOBER, 1)
        people = [Recipient(one, is_board=True) for one in addresses]
        pending = [one for one in people if missing(one, last)]
        mailer = SmtpMailer(self.server)
        pace = Pace(6000, self.wait)
        sender = Sender(
            self.snapshot, mailer, self.ledger, pace, clock=lambda: NOW, stop=self._stop
        )
        try:
            sender.send_all(
                pending, a_message, lambda attempt: found.update({attempt.recipient: attempt.fate})
            )
        finally:
            mailer.close()
        return found

    def last(self) -> dict[str, Attempt]:
        last = last_attempts(self.ledger, OCTOBER, 1)
        return {address: attempt for (address, _), attempt in last.items()}

    def _stop(self) -> None:
        self.stop()


def server_of(office: PostOffice) -> SmtpServer:
    return SmtpServer(
        "localhost", office.port, "starttls", FROM, ACCOUNT, PASSWORD, office.ca_file, 10.0
    )


def a_message(recipient: Recipient) -> Message:
    return message_of(Mail(FROM, "Tỉnh", recipient.address, "", "Tháng 10", "Kính gửi\n"), NOW)


@pytest.fixture
def work(tmp_path: Path, office: PostOffice) -> Work:
    return Work(tmp_path, office)


def test_every_mail_is_noted_as_it_was_sent(work: Work, office: PostOffice) -> None:
    """With the id and the digest of what arrived."""
    assert set(work.run().values()) == {Fate.SENT}
    noted = work.last()

    assert office.addresses() == ADDRESSES
    assert office.logins == [PASSWORD.encode()]
    arrived = read(office.taken[0][1])
    assert noted[FIRST].message_id == arrived["Message-ID"]
    assert (noted[FIRST].begun_at, noted[FIRST].ended_at) == (NOW, NOW)
    assert len({attempt.digest for attempt in noted.values()}) == len(ADDRESSES)
    assert work.run() == {}


def test_a_mail_is_noted_before_it_is_sent(work: Work, office: PostOffice) -> None:
    """As one of unknown fate: that is what a kill would leave."""
    seen: list[Fate] = []
    office.on_mail = lambda: seen.append(work.last()[FIRST].fate)
    work.run([FIRST])

    assert seen == [Fate.UNKNOWN]
    assert work.last()[FIRST].fate is Fate.SENT


def test_a_refused_address_does_not_keep_others_from_theirs(work: Work, office: PostOffice) -> None:
    """It is tried again in the next run."""
    office.faults.refused = {FIRST, THIRD}
    assert work.run([FIRST, SECOND, THIRD]) == {
        FIRST: Fate.NOT_SENT,
        SECOND: Fate.SENT,
        THIRD: Fate.NOT_SENT,
    }
    assert work.last()[FIRST].detail == "550 5.1.1 No such mailbox here"
    office.faults.refused = set()
    assert work.run([FIRST, SECOND, THIRD]) == {FIRST: Fate.SENT, THIRD: Fate.SENT}
    assert sorted(office.addresses()) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_mail_without_an_answer_is_of_unknown_fate(
    is_taken: bool, work: Work, office: PostOffice
) -> None:
    """Whether it arrived or not: it is not sent again by itself, and the others are."""
    office.faults.breaks_off, office.faults.takes_what_it_breaks_off = {SECOND}, is_taken
    assert work.run([FIRST, SECOND, THIRD]) == {
        FIRST: Fate.SENT,
        SECOND: Fate.UNKNOWN,
        THIRD: Fate.SENT,
    }
    assert (SECOND in office.addresses()) is is_taken
    assert work.last()[SECOND].ended_at is None
    assert work.run([FIRST, SECOND, THIRD]) == {}


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("251 2.0.0 queued", Fate.SENT),
        ("252 queued", Fate.SENT),
        ("OK queued", Fate.UNKNOWN),
        ("2.0.0 OK", Fate.UNKNOWN),
        ("354 go on", Fate.UNKNOWN),
        ("699 what", Fate.UNKNOWN),
    ],
)
def test_a_mail_is_sent_once_whatever_the_server_says_of_it(
    answer: str, fate: Fate, work: Work, office: PostOffice
) -> None:
    """What it took and answered in no known way is of unknown fate; the next mail goes."""
    office.faults.answer = answer
    assert work.run([FIRST]) == {FIRST: fate}
    office.faults.answer = ""
    assert work.run([FIRST, SECOND]) == {SECOND: Fate.SENT}
    assert office.addresses() == [FIRST, SECOND]


def test_a_server_that_breaks_off_every_mail_is_left_alone(work: Work, office: PostOffice) -> None:
    """Two mails of unknown fate in a row are enough."""
    office.faults.breaks_off = set(ADDRESSES[1:])
    with pytest.raises(DeliveryError, match=r"broke off 2 mails in a row: it closed the conn"):
        work.run()
    assert len(work.last()) == 3


@pytest.mark.parametrize(("times", "fate"), [(1, Fate.SENT), (2, Fate.SENT), (3, Fate.NOT_SENT)])
def test_what_the_server_takes_later_is_tried_three_times(
    times: int, fate: Fate, work: Work, office: PostOffice
) -> None:
    """With growing waits; then the next run tries it again."""
    office.faults.later = {FIRST: times}
    assert work.run([FIRST, SECOND])[FIRST] is fate
    assert [wait for wait in work.waits if wait > 1] == [10.0, 60.0][:times]
    assert work.run([FIRST, SECOND]) == ({} if fate is Fate.SENT else {FIRST: Fate.SENT})


def test_a_server_that_takes_no_mail_is_left_alone(work: Work, office: PostOffice) -> None:
    """Of many recipients five are tried."""
    office.faults.refuses_all = True
    with pytest.raises(DeliveryError, match=r"none of the first 5 mails: 550 5\.1\.1 No such"):
        work.run()
    assert len(work.last()) == 5
    office.faults.refuses_all = False
    assert len(work.run()) == len(ADDRESSES)


def test_a_sender_that_is_refused_stops_the_run(work: Work, office: PostOffice) -> None:
    """For the first mail already, which was not sent."""
    office.faults.refuses_sender = True
    with pytest.raises(DeliveryError, match=rf"takes no mail from {FROM}: 550 5\.7\.60 Client"):
        work.run()
    assert [attempt.fate for attempt in work.last().values()] == [Fate.NOT_SENT]


def test_a_login_is_tried_once_and_not_with_another_method(work: Work, office: PostOffice) -> None:
    """A locked account would be of use to nobody. The next run tries again."""
    office.faults.refuses_logins = 1
    with pytest.raises(DeliveryError, match=r"refuses the login of VIDU\\baocao \(535\)") as caught:
        work.run()
    assert len(office.logins) == 1
    assert PASSWORD not in caught.value.text() + repr(caught.value.values)
    assert work.last() == {}
    assert len(work.run()) == len(ADDRESSES)


def test_a_connection_that_was_closed_is_opened_again(work: Work, office: PostOffice) -> None:
    """Some servers take few mails on each."""
    office.faults.mails_each = 3
    assert set(work.run().values()) == {Fate.SENT}
    assert len(office.logins) == 3


def test_a_replaced_edition_is_not_sent_any_further(work: Work, office: PostOffice) -> None:
    """The mail that would be next is not even noted."""

    def replace_edition() -> None:
        if len(office.taken) == 2:
            with SnapshotStore.at(work.file) as store:
                an_edition(store, people=2)

    work.stop = replace_edition
    with pytest.raises(StoreError, match=r"Edition 1 of 2026-10 was replaced while"):
        work.run()
    assert office.addresses() == ADDRESSES[:2]
    assert len(work.last()) == 2


def test_an_edition_that_is_replaced_in_a_wait_is_not_sent(work: Work, office: PostOffice) -> None:
    """The mail that the server would take later is noted as not sent."""
    office.faults.later = {FIRST: 1}

    def replace_edition(seconds: float) -> None:
        if seconds > 1:
            with SnapshotStore.at(work.file) as store:
                an_edition(store, people=2)

    work.wait = replace_edition
    with pytest.raises(StoreError, match=r"Edition 1 of 2026-10 was replaced while"):
        work.run([FIRST])
    assert office.addresses() == []
    assert work.last()[FIRST].fate is Fate.NOT_SENT


def test_an_edition_that_is_being_made_does_not_stop_it(work: Work, office: PostOffice) -> None:
    """Until it is complete, reports are of the one before."""
    with SnapshotStore.at(work.file) as store:
        assert store.renew(OCTOBER, a_roster(5), SOURCE, now=NOW).pending
    assert len(work.run()) == len(ADDRESSES)


@pytest.mark.parametrize("when", [0, 1, 4])
def test_a_stop_leaves_no_mail_of_unknown_fate(when: int, work: Work, office: PostOffice) -> None:
    """It is heeded between mails, and while one is waited for that the server takes later."""

    def stop() -> None:
        if len(office.taken) >= when:
            raise KeyboardInterrupt

    work.stop = stop
    office.faults.later = {ADDRESSES[when]: 1}
    with pytest.raises(KeyboardInterrupt):
        work.run()
    work.stop = lambda: None
    assert Fate.UNKNOWN not in {attempt.fate for attempt in work.last().values()}
    work.run()
    assert list(office.messages()) == ADDRESSES


def test_only_one_process_delivers(work: Work) -> None:
    """The second is refused at once, and may when the first is done."""
    other = DeliveryLedger(work.file)
    said = "Another mailaudit is delivering"
    with work.ledger.held(), pytest.raises(StoreError, match=said), other.held():
        pass
    with other.held():
        pass


def test_mails_are_kept_apart() -> None:
    """30 a minute: two seconds, less what the mail itself took."""
    waits: list[float] = []
    pace = Pace(30, waits.append)
    for _ in range(3):
        pace.take()
    assert [1.9 < wait <= 2 for wait in waits[:1]] == [True]
    assert len(waits) == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(
    "options", [{"security": "tls"}, {"without": ("PLAIN",)}, {"wants_login": False}]
)
def test_servers_of_other_kinds_take_mails(
    options: dict[str, Any], work: Work, tmp_path: Path
) -> None:
    """TLS from the first byte; AUTH LOGIN alone, as Exchange has it; no login."""
    with post_office(tmp_path / "other", **options) as other:
        work.server = server_of(other)
        if "security" in options:
            work.server = replace(work.server, security="tls")
        if "wants_login" in options:
            work.server = replace(work.server, username=None)
        assert set(work.run().values()) == {Fate.SENT}
        assert other.addresses() == ADDRESSES
        assert len(other.logins) == ("wants_login" not in options)


def test_nothing_is_sent_without_encryption(work: Work, tmp_path: Path) -> None:
    """Neither a mail nor the password."""
    with post_office(tmp_path / "plain", security="none", wants_login=False) as plain:
        work.server = server_of(plain)
        with pytest.raises(DeliveryError, match=r"localhost does not offer STARTTLS on port \d+"):
            work.run()
        work.server = replace(work.server, security="tls")
        with pytest.raises(DeliveryError, match="it does not speak TLS there as it should"):
            work.run()
        assert (plain.taken, plain.logins) == ([], [])


def test_the_certificate_is_verified(work: Work, office: PostOffice, tmp_path: Path) -> None:
    """Its authority and its name, before the password is sent."""
    with post_office(tmp_path / "other", name="mail.other.vn") as other:
        for server, said in (
            (server_of(other), "localhost shows is for another name. Write delivery.host as"),
            (
                replace(server_of(office), ca_file=other.ca_file),
                "its authority is not known. Set delivery.ca_file to",
            ),
        ):
            work.server = server
            with pytest.raises(DeliveryError) as caught:
                work.run()
            assert said in caught.value.text()
        assert (other.logins, office.logins) == ([], [])


def test_what_keeps_from_the_server_is_named(work: Work, tmp_path: Path) -> None:
    """A port without a server, a name without an address, a CA file that is none."""
    usual = work.server
    for server, said in (
        (replace(usual, port=9), "port 9, can't be used: nothing answers there."),
        (replace(usual, host="no-such-host.invalid"), "can't be used: its name is not known here"),
    ):
        work.server = server
        with pytest.raises(DeliveryError) as caught:
            work.run()
        assert said in caught.value.text()
    work.server = replace(usual, ca_file=tmp_path / "none.pem")
    with pytest.raises(ConfigurationError, match=r"delivery\.ca_file"):
        work.run()


def test_a_slow_server_is_not_waited_for_without_end(work: Work, office: PostOffice) -> None:
    """A mail that it does not answer is of unknown fate."""
    office.faults.slow_s = 3.0
    work.server = replace(work.server, timeout_s=1.0)
    assert work.run([FIRST]) == {FIRST: Fate.UNKNOWN}
    assert work.last()[FIRST].detail == ""
    office.faults.slow_s = 0.0


def test_a_server_without_passwords_is_named(work: Work, tmp_path: Path) -> None:
    """It has no method of the two that are spoken."""
    with post_office(tmp_path / "other", without=("PLAIN", "LOGIN")) as other:
        work.server = server_of(other)
        with pytest.raises(DeliveryError, match="offers no login with a password: –"):
            work.run()


def test_hostile_words_of_a_server_are_one_short_line(work: Work, office: PostOffice) -> None:
    """Neither colours nor lines reach a terminal."""
    office.faults.refused, office.faults.words = {FIRST}, "550 \x1b[31mNo\tuser " + "x" * 400
    work.run([FIRST])
    assert work.last()[FIRST].detail.startswith("550 [31mNo user xxx")
    assert len(work.last()[FIRST].detail) <= 200


@pytest.mark.parametrize("refuses", ["recipient", "sender"])
def test_a_server_that_repeats_the_login_gives_no_password_away(
    refuses: str, work: Work, office: PostOffice
) -> None:
    """In a refusal of an address or of the sender, as it was sent."""
    forms = [encoded(PASSWORD), encoded(f"\0{ACCOUNT}\0{PASSWORD}")]
    office.faults.words = office.faults.sender_words = "550 no after AUTH " + " ".join(forms)
    if refuses == "recipient":
        office.faults.refused = {FIRST}
        work.run([FIRST])
        said = work.last()[FIRST].detail
    else:
        office.faults.refuses_sender = True
        with pytest.raises(DeliveryError) as caught:
            work.run([FIRST])
        said = caught.value.text()
    assert "550 no after AUTH *** ***" in said
    assert [form for form in forms if form in said] == []


def test_a_reply_is_shown_without_secrets() -> None:
    """The longer of two first, for one may be part of the other."""
    shown = readable_reply(550, "sai Mật-khẩu và khẩu".encode(), ("khẩu", "Mật-khẩu", ""))
    assert shown == "550 sai *** và ***"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_message_is_the_same_in_transport(work: Work, office: PostOffice) -> None:
    """Lines that begin with a dot, and long ones."""
    mail = Mail(FROM, "", FIRST, "", "S", ".\n..\n" + "x" * 3000 + "\n.")
    message = message_of(mail, NOW)
    mailer = SmtpMailer(work.server)
    mailer.open()
    mailer.send(message)
    mailer.close()
    assert office.taken[0][1].rstrip() == bytes_of(message).rstrip()
    assert NOW + timedelta(0) == read(office.taken[0][1])["Date"].datetime
