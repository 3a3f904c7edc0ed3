"""deliver through Exchange's web service, against the demonstration server."""

import base64
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from audit_folder import config_text
from delivery_folder import AN, BINH, CHAIR, UNITS, a_month_to_deliver, deliver, noted
from exchangelib import Message
from exchangelib.errors import (
    ErrorInternalServerError,
    ErrorInvalidRecipients,
    ErrorItemSave,
    ErrorMessageSizeExceeded,
    ErrorQuotaExceeded,
)

from mailaudit.delivery.ews import EwsAccount, EwsMailer
from mailaudit.delivery.mail import Mail, message_of
from mailaudit.delivery.mailer import FateUnknown, NotTaken
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.demo.workspace import LOGIN_DOMAIN, SENDER
from mailaudit.errors import DeliveryError
from smtp_server import read

NOW = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    """The demonstration server, logging to access.jsonl."""
    folder = tmp_path_factory.mktemp("served")
    options = Options(access_log=folder / "access.jsonl", log_bodies=True)
    with served(folder, options) as place:
        yield place


@pytest.fixture
def sender(place: ServedAt) -> EwsAccount:
    """The account with a mailbox of its own."""
    accounts = place.accounts_path.read_text("utf-8")
    match = re.search(rf"^{LOGIN_DOMAIN}:{SENDER}:(.+)$", accounts, re.MULTILINE)
    assert match is not None
    domain = re.search(r'domains = \["(.+)"\]', place.config_path.read_text("utf-8"))
    assert domain is not None
    return EwsAccount(
        place.url,
        "ntlm",
        f"{LOGIN_DOMAIN}\\{SENDER}",
        f"{SENDER}@{domain[1]}",
        match[1],
        place.ca_path,
        10.0,
    )


def sent(place: ServedAt) -> list[bytes]:
    """What was sent since the last time."""
    folder = place.directory / "sent"
    found = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    shutil.rmtree(folder, ignore_errors=True)
    return found


def asked(place: ServedAt) -> list[str]:
    """The operations of requests that were answered."""
    lines = (place.directory / "access.jsonl").read_text("utf-8").splitlines()
    return [entry["operation"] for line in lines if (entry := json.loads(line))["status"] == 200]


def a_mail(sender: EwsAccount, to: str = "an@x.vn") -> Mail:
    return Mail(sender.sender, "Tỉnh", to, "Nguyễn Ấn", "Tháng 10", "Kính gửi\n")


@pytest.mark.slow
def test_heads_and_board_get_theirs(tmp_path: Path, place: ServedAt, sender: EwsAccount) -> None:
    """One request a mail, beside the one of the login; noted as through any other server."""
    a_month_to_deliver(tmp_path)
    (tmp_path / "delivery-password").write_text(sender.secret, "utf-8")
    table = (
        f'kind = "ews"\nurl = "{place.url}"\nusername = \'{sender.username}\'\n'
        f'from = "{sender.sender}"\npassword_file = "delivery-password"\n'
        f"ca_file = '{place.ca_path}'\nboard = [\"{CHAIR}\"]\nmails_per_minute = 600"
    )
    text = config_text(report='formats = ["docx"]\nlanguage = "vi"', delivery=table)
    (tmp_path / "mailaudit.toml").write_text(text, "utf-8")
    before = len(asked(place))
    ran = deliver(tmp_path, "--send", language="vi")
    assert ran.code == 0, ran.err
    found = [read(content) for content in sent(place)]

    assert [one["To"].addresses[0].addr_spec for one in found] == [CHAIR, AN, BINH]
    names = [part.get_filename() for part in found[0].iter_attachments()]
    assert names == ["Hộp thư công vụ 2026-10 – báo cáo.docx"]
    assert noted(tmp_path) == [(one, "sent") for one in (CHAIR, AN, BINH)]
    assert asked(place)[before:] == ["GetServerTimeZones", *["CreateItem"] * 3]
    assert UNITS.count(BINH) == 2


def test_mail_arrives_as_it_was_made(place: ServedAt, sender: EwsAccount) -> None:
    """The copy that Exchange keeps is marked as read."""
    mailer = EwsMailer(sender)
    mailer.open()
    message = message_of(a_mail(sender), NOW)
    mailer.send(message)
    mailer.close()
    (arrived,) = map(read, sent(place))
    assert arrived["Message-ID"] == message["Message-ID"]
    assert arrived["To"] == "Nguyễn Ấn <an@x.vn>"
    lines = (place.directory / "access.jsonl").read_text("utf-8").splitlines()
    request = json.loads(lines[-1])["request"]
    assert 'MessageDisposition="SendAndSaveCopy"' in request
    assert "<t:IsRead>true</t:IsRead>" in request.replace(">1<", ">true<")


def test_request_is_as_the_schema_says(
    place: ServedAt, sender: EwsAccount, violations: object
) -> None:
    """By Microsoft's published schema."""
    mailer = EwsMailer(sender)
    mailer.open()
    mailer.send(message_of(a_mail(sender), NOW))
    mailer.close()
    sent(place)
    lines = (place.directory / "access.jsonl").read_text("utf-8").splitlines()
    entry = json.loads(lines[-1])
    assert callable(violations)
    assert entry["operation"] == "CreateItem"
    assert violations(entry["request"].encode()) == []
    assert violations(entry["answer"].encode()) == []


def test_a_password_is_tried_once(place: ServedAt, sender: EwsAccount) -> None:
    """And never shown."""
    log = place.directory / "access.jsonl"
    before = log.read_text("utf-8").count('"attempt": true')
    with pytest.raises(
        DeliveryError, match=r"refuses the login of TINHMAU\\baocao \(401\)"
    ) as caught:
        EwsMailer(replace(sender, secret="wrong-Mật")).open()
    assert log.read_text("utf-8").count('"attempt": true') == before + 1
    assert "wrong" not in caught.value.text()
    assert "wrong" not in repr(replace(sender, secret="wrong-Mật"))


def test_another_sender_is_refused(place: ServedAt, sender: EwsAccount) -> None:
    """The account sends from its own mailbox only."""
    mailer = EwsMailer(sender)
    mailer.open()
    with pytest.raises(DeliveryError, match=r"takes no mail from baocao@.*ErrorSendAsDenied"):
        mailer.send(message_of(replace(a_mail(sender), sender="chu@x.vn"), NOW))
    mailer.close()
    assert sent(place) == []


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ErrorMessageSizeExceeded, NotTaken),
        (ErrorInvalidRecipients, NotTaken),
        (ErrorInternalServerError, FateUnknown),
        (ErrorQuotaExceeded, FateUnknown),
        (ErrorItemSave, FateUnknown),
    ],
)
def test_a_mail_surely_did_not_go_only_where_the_error_comes_before(
    error: type[Exception],
    raised: type[Exception],
    place: ServedAt,
    sender: EwsAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of an error from saving the copy the mail may have gone."""

    def fail(*_: object) -> None:
        raise error("said")

    mailer = EwsMailer(sender)
    mailer.open()
    monkeypatch.setattr(Message, "send_and_save", fail)
    with pytest.raises(raised):
        mailer.send(message_of(a_mail(sender), NOW))
    mailer.close()


@pytest.mark.slow
def test_the_certificate_is_verified(
    place: ServedAt, sender: EwsAccount, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Against the CA file alone, before the password is sent."""
    said = r"authority is not known.*delivery\.ca_file"
    other = tmp_path_factory.mktemp("other")
    with served(other, Options()) as elsewhere, pytest.raises(DeliveryError, match=said):
        EwsMailer(replace(sender, ca_file=elsewhere.ca_path)).open()
    with pytest.raises(DeliveryError, match=said):
        EwsMailer(replace(sender, ca_file=None)).open()


def test_a_server_that_is_not_there_is_named(sender: EwsAccount) -> None:
    """With the key of its address."""
    with pytest.raises(
        DeliveryError, match=r"port 9, can't be used: nothing answers there\. Check"
    ):
        EwsMailer(replace(sender, url="https://127.0.0.1:9/EWS/Exchange.asmx")).open()


@pytest.mark.slow
def test_a_server_that_goes_away_leaves_an_unknown_fate(sender: EwsAccount, tmp_path: Path) -> None:
    """After the login: whether it took the mail nobody knows."""
    with served(tmp_path, Options()) as short:
        accounts = short.accounts_path.read_text("utf-8")
        secret = accounts.split(f":{SENDER}:")[1].strip()
        mailer = EwsMailer(replace(sender, url=short.url, ca_file=short.ca_path, secret=secret))
        mailer.open()
    with pytest.raises(FateUnknown):
        mailer.send(message_of(a_mail(sender), NOW))
    mailer.close()


@pytest.mark.slow
def test_basic_login_sends_too(sender: EwsAccount, tmp_path: Path) -> None:
    """With a password of any letters; a mail that is not taken is named."""
    with served(tmp_path, Options(auth="basic")) as basic:
        accounts = basic.accounts_path.read_text("utf-8")
        secret = accounts.split(f":{SENDER}:")[1].strip()
        account = replace(sender, url=basic.url, ca_file=basic.ca_path, secret=secret, auth="basic")
        mailer = EwsMailer(account)
        mailer.open()
        mailer.send(message_of(a_mail(sender), NOW))
        message = message_of(a_mail(sender), NOW)
        del message["To"]
        with pytest.raises(NotTaken, match="ErrorInvalidRecipients: At least one recipient"):
            mailer.send(message)
        mailer.close()
        assert len(sent(basic)) == 1
        assert base64.b64encode(secret.encode()) not in b"".join(sent(basic))
