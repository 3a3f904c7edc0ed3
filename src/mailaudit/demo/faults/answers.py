"""Faults inside an answer that HTTP delivers whole: damaged, somebody else's, oddly written."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from mailaudit.demo.ews.exchange import Answer
from mailaudit.demo.ews.ids import mailbox_part
from mailaudit.demo.faults.kinds import Moment, answering
from mailaudit.demo.faults.rule import Parameters
from mailaudit.demo.listener import REQUEST_ID, Reply

_DATE = re.compile(rb"<t:DateTimeReceived>[^<]*</t:DateTimeReceived>")
_INSTANT = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z")
_DIGITS = b"987654321"
_ATTRIBUTES = re.compile(rb'<([mt]:\w+)((?: \w+="[^"]*"){2,})(/?)>')
_ATTRIBUTE = re.compile(rb' \w+="[^"]*"')
_ADDRESS = re.compile(rb'(PropertyTag="0x5d01"[^>]*><t:Value>)')
_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a0 "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    + b"]>"
)


def _reply(moment: Moment, body: bytes) -> Reply:
    return moment.reply(200, body)


@answering("truncated", kept=0.5)
async def truncated(moment: Moment, parameters: Parameters) -> Reply:
    """The first part of the sound answer; HTTP says that this is all."""
    body = moment.sound().body
    return _reply(moment, body[: int(len(body) * parameters.number("kept"))])


@answering("malformed")
async def malformed(moment: Moment, parameters: Parameters) -> Reply:
    """The sound answer with one closing tag opened instead."""
    body = moment.sound().body
    for tag in (b"ItemClass>", b"Items>", b"FolderClass>", b"Folders>"):
        if b"</t:" + tag in body:
            return _reply(moment, body.replace(b"</t:" + tag, b"<t:" + tag, 1))
    return _reply(moment, body.replace(b"</", b"<", 1))


@answering("entity-bomb")
async def entity_bomb(moment: Moment, parameters: Parameters) -> Reply:
    """The sound answer behind a document type of entities that grow to 10 GB, and one of them."""
    body = moment.sound().body.partition(b"?>")[2]
    return _reply(moment, _BOMB + body.replace(b"NoError", b"&a9;", 1))


@answering("other-mailbox", echo=True)
async def other_mailbox(moment: Moment, parameters: Parameters) -> Reply:
    """What the same request about the next mailbox gets: its folders, its items.

    It carries the id of another request, or none where `echo` is false.
    """
    addresses = list(moment.world.addresses)
    own = moment.mailbox.lower()
    other = addresses[(addresses.index(own) + 1) % len(addresses)] if own in addresses else own
    body = moment.body.replace(b">%s<" % moment.mailbox.encode(), b">%s<" % other.encode())
    body = body.replace(mailbox_part(own).encode(), mailbox_part(other).encode())
    found = moment.world.exchange.answer(body, moment.caller)
    reply = moment.reply(found.status, found.body)
    reply.headers.pop(REQUEST_ID, None)
    if parameters.flag("echo"):
        reply.headers[REQUEST_ID] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{moment.number}"))
    return reply


@answering("date-missing")
async def date_missing(moment: Moment, parameters: Parameters) -> Reply:
    """Items without DateTimeReceived."""
    return _rewritten(moment, lambda body: _DATE.sub(b"", body))


@answering("date-digits", digits=7)
async def date_digits(moment: Moment, parameters: Parameters) -> Reply:
    """Every instant with so many digits after the second."""
    digits = _DIGITS[: parameters.count("digits")]
    fraction = b"." + digits if digits else b""
    return _rewritten(moment, lambda body: _INSTANT.sub(rb"\g<1>" + fraction + b"Z", body))


@answering("date-zone", hours=7.0)
async def date_zone(moment: Moment, parameters: Parameters) -> Reply:
    """Every instant in another time zone, so many hours east of UTC."""
    zone = timezone(timedelta(hours=parameters.number("hours")))

    def moved(match: re.Match[bytes]) -> bytes:
        instant = datetime.fromisoformat(match[1].decode() + "+00:00")
        return instant.astimezone(zone).isoformat().encode()

    return _rewritten(moment, lambda body: _INSTANT.sub(moved, body))


@answering("attribute-order")
async def attribute_order(moment: Moment, parameters: Parameters) -> Reply:
    """Attributes in the opposite order: XML gives it no meaning."""

    def turned(match: re.Match[bytes]) -> bytes:
        attributes = b"".join(reversed(_ATTRIBUTE.findall(match[2])))
        return b"<" + match[1] + attributes + match[3] + b">"

    return _rewritten(moment, lambda body: _ATTRIBUTES.sub(turned, body))


@answering("control-character", reference="&#x1F;")
async def control_character(moment: Moment, parameters: Parameters) -> Reply:
    """Senders with a character that XML forbids, written as Exchange writes what it was given."""
    reference = parameters.text("reference").encode()
    return _rewritten(moment, lambda body: _ADDRESS.sub(rb"\g<1>" + reference, body))


def _rewritten(moment: Moment, rewrite: Callable[[bytes], bytes]) -> Reply:
    """The sound answer, rewritten."""
    found = moment.sound()
    return Reply(
        Answer(found.status, rewrite(found.body), found.operation, found.mailbox), moment.headers
    )
