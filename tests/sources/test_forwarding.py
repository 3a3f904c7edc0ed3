"""Rules that send mail on: only where asked for, only the domain, and unknown is never none."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from source_builders import MAY, PEOPLE, a_fleet, a_source, all_of, requests_in, write_traffic

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.demo.province import Province
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews.answers import read_forwarding
from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.ews.faults import fault_of
from mailaudit.sources.ews.forwarding import MOST_DOMAINS, Forwarding, outside_domains
from mailaudit.sources.faults import MailboxFault
from shared import Violations

INSIDE = frozenset({"tinh.test"})
M = "http://schemas.microsoft.com/exchange/services/2006/messages"
T = "http://schemas.microsoft.com/exchange/services/2006/types"


def an_address(text: str) -> str:
    return f"<t:Address><t:EmailAddress>{text}</t:EmailAddress></t:Address>"


def a_rule(*addresses: str, action: str = "ForwardToRecipients", enabled: str = "true") -> str:
    """A rule as Exchange writes it, which looks for words and has a name."""
    to = "".join(map(an_address, addresses))
    return (
        "<t:Rule><t:RuleId>AQ==</t:RuleId><t:DisplayName>Gửi sếp@bimat.example</t:DisplayName>"
        f"<t:Priority>1</t:Priority><t:IsEnabled>{enabled}</t:IsEnabled>"
        "<t:Conditions><t:ContainsSubjectStrings><t:String>x@chude.example</t:String>"
        f"</t:ContainsSubjectStrings><t:FromAddresses>{an_address('a@nguoigui.example')}"
        f"</t:FromAddresses></t:Conditions><t:Exceptions><t:SentToAddresses>"
        f"{an_address('b@ngoaile.example')}</t:SentToAddresses></t:Exceptions>"
        f"<t:Actions><t:{action}>{to}</t:{action}></t:Actions></t:Rule>"
    )


def an_answer(*rules: str, result: str = "Success", code: str = "NoError") -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<m:GetInboxRulesResponse xmlns:m="{M}" xmlns:t="{T}" ResponseClass="{result}">'
        f"<m:ResponseCode>{code}</m:ResponseCode>"
        f"<m:InboxRules>{''.join(rules)}</m:InboxRules>"
        "</m:GetInboxRulesResponse></s:Body></s:Envelope>"
    ).encode()


def domains(content: bytes) -> str | None:
    """What is made of an answer."""
    envelopes = Envelopes("Exchange2016", MAY)
    return Forwarding(lambda _envelope, _mailbox: content, envelopes, INSIDE).domains(PEOPLE[0])


@pytest.mark.parametrize(
    "action", ["ForwardToRecipients", "ForwardAsAttachmentToRecipients", "RedirectToRecipients"]
)
def test_only_where_mail_is_sent_on_to_is_taken(action: str) -> None:
    """Not the rule's name, the words and people it looks for, nor the exceptions."""
    rule = a_rule("An@Thu.example", "b@so.tinh.test", "/O=X/CN=C", action=action)
    assert domains(an_answer(rule)) == "thu.example"
    assert read_forwarding(an_answer(rule)) == ("An@Thu.example", "b@so.tinh.test", "/O=X/CN=C")


def test_rules_that_are_off_or_do_something_else_send_nothing_on() -> None:
    assert domains(an_answer()) == ""
    assert domains(an_answer(a_rule("an@thu.example", enabled="false"))) == ""
    assert domains(an_answer(a_rule("an@thu.example", action="SendSMSAlertToRecipients"))) == ""
    assert domains(an_answer(a_rule("b@tinh.test"))) == ""


def test_domains_of_several_rules_stand_in_order_once() -> None:
    rules = [a_rule("a@z.example", "b@a.example"), a_rule("c@z.example")]
    assert domains(an_answer(*rules)) == "a.example z.example"


@pytest.mark.parametrize(
    "content",
    [
        an_answer(result="Error", code="ErrorAccessDenied"),
        an_answer(result="Error", code="ErrorInternalServerError"),
        b"<html>no</html>",
        b"",
        an_answer(a_rule("an@th&lt;u .example")),
        an_answer(a_rule("an@thu.example", "b@")),
        an_answer(a_rule(*(f"a@d{n}.example" for n in range(MOST_DOMAINS + 1)))),
    ],
)
def test_what_is_not_known_is_never_none(content: bytes) -> None:
    """Denied, broken, hostile or endless answers: not known."""
    assert domains(content) is None


@pytest.mark.parametrize("code", ["ErrorTimeoutExpired", "ErrorServerBusy"])
def test_refused_question_costs_no_figure(code: str) -> None:
    """The mailbox was measured before it was asked for its rules."""

    def refuse(_envelope: bytes, _mailbox: str) -> bytes:
        raise fault_of(code)

    assert isinstance(fault_of(code), MailboxFault)
    assert Forwarding(refuse, Envelopes("Exchange2016", MAY), INSIDE).domains(PEOPLE[0]) is None


def test_address_of_no_domain_is_not_known() -> None:
    assert outside_domains(("an@thu.example", "b@x/y"), INSIDE) is None
    assert outside_domains((), INSIDE) == ""


@pytest.fixture(scope="module")
def people() -> Province:
    return Province()


@pytest.mark.parametrize("source_of", [a_source, a_fleet])
def test_province_says_whose_mail_is_sent_on(
    province: ServedAt, people: Province, source_of: Callable[..., AbstractContextManager[Any]]
) -> None:
    """By the real server and client, in one process as in two."""
    first = people.addresses[:120]
    sending = [one for one in first if (box := people.mailbox(one)) and box.forwards_to]
    others = [one for one in first[:9] if one not in sending]
    assert sending
    with source_of(province, inbox_rules=True, max_connections=9) as source:
        job = Job([*sending, *others], Period(2026, 10))
        found = {one.mailbox: one for one in all_of(source, job)}
    measured = {box: one for box, one in found.items() if isinstance(one, Activity)}
    assert {measured[box].forwards_to for box in sending} == {"thu.example"}
    assert {one.forwards_to for box, one in measured.items() if box not in sending} == {""}


def test_one_request_more_a_mailbox_and_only_where_asked_for(
    tmp_path: Path, violations: Violations
) -> None:
    """GetInboxRules of the mailbox acted for, as the schema has it; off by default."""
    log = tmp_path / "access.jsonl"
    options = Options(**write_traffic(tmp_path), access_log=log, log_bodies=True)
    with served(tmp_path, options) as place:
        with a_source(place) as source:
            plain = all_of(source, Job(PEOPLE, MAY))
        before = len(requests_in(log))
        with a_source(place, inbox_rules=True) as source:
            asked = all_of(source, Job(PEOPLE, MAY))
    entries = requests_in(log)
    rules = [entry for entry in entries if entry["operation"] == "GetInboxRules"]
    assert all(entry not in rules for entry in entries[:before])
    assert {one.forwards_to for one in plain if isinstance(one, Activity)} == {None}
    assert {one.forwards_to for one in asked if isinstance(one, Activity)} == {""}
    assert len(rules) == len(PEOPLE)
    for entry in rules:
        assert violations(entry["request"].encode()) == []
        root = etree.fromstring(entry["request"].encode())
        (named,) = root.iter(f"{{{M}}}MailboxSmtpAddress")
        (acted_for,) = root.iter(f"{{{T}}}PrimarySmtpAddress")
        assert named.text == acted_for.text
