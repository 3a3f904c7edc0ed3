"""Faults that are error codes: of Exchange in a fault or a response message, or of HTTP."""

import functools

from mailaudit.demo.ews.envelope import answer, failure, fault_answer
from mailaudit.demo.ews.schema import MESSAGES, TYPES, Fault, ResponseError
from mailaudit.demo.ews.stores import FAULT_CODES, STORE_CODES
from mailaudit.demo.faults.kinds import Moment, answering
from mailaudit.demo.faults.rule import Parameters
from mailaudit.demo.listener import Reply

_BUSY = "ErrorServerBusy"
_CODES = {
    **FAULT_CODES,
    **STORE_CODES,
    "ErrorFolderNotFound": "The specified folder could not be found in the store.",
    "ErrorInternalServerError": "An internal server error occurred. The operation failed.",
    "ErrorInvalidRestriction": "The restriction or sort order is invalid for this folder.",
    "ErrorMailboxFailover": "The mailbox is being failed over to another server.",
    "ErrorNonPrimarySmtpAddress": (
        "The primary SMTP address must be specified when referencing a mailbox."
    ),
    "ErrorTooManyObjectsOpened": "Too many objects are open.",
    _BUSY: "The server cannot service this request right now. Try again later.",
}
_STATUSES = {
    200: "The proxy could not reach the server",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Runtime Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_HTML = (
    b"<!DOCTYPE html><html><head><title>%s</title></head>"
    b"<body><h1>%s</h1><p>The request could not be served.</p></body></html>"
)


async def _ews_error(code: str, moment: Moment, parameters: Parameters) -> Reply:
    """An error code as `form` says: "fault" (HTTP 500), "fault-200" (HTTP 200), "message"."""
    wait_ms = parameters.count("back_off_ms") if code == _BUSY else 0
    form = parameters.text("form")
    if form == "message":
        questions = moment.body.count(b"FolderId Id=") or 1
        error = failure(moment.operation, ResponseError(code, _CODES[code]))
        end = "<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
        error = error.replace(end, end + _back_off(f'm:MessageXml xmlns:m="{MESSAGES}"', wait_ms))
        reply = moment.reply(200, answer(moment.operation, error * questions))
    else:
        body = fault_answer(Fault(code, _CODES[code])).decode()
        body = body.replace("</detail>", _back_off("t:MessageXml", wait_ms) + "</detail>")
        reply = moment.reply(200 if form == "fault-200" else 500, body.encode())
    reply.back_off_s = wait_ms / 1000
    return reply


def _back_off(element: str, wait_ms: int) -> str:
    """What says how long to wait, in an element of this name; empty where it is not said."""
    if not wait_ms:
        return ""
    name = element.partition(" ")[0]
    return (
        f'<{element} xmlns:t="{TYPES}">'
        f'<t:Value Name="BackOffMilliseconds">{wait_ms}</t:Value></{name}>'
    )


for _code in _CODES:
    _form = "fault" if _code in FAULT_CODES or _code == _BUSY else "message"
    _more = {"back_off_ms": 2000} if _code == _BUSY else {}
    answering(_code, form=_form, **_more)(functools.partial(_ews_error, _code))


async def _http_status(status: int, moment: Moment, parameters: Parameters) -> Reply:
    """An HTML page with a status, from IIS or a proxy: Exchange never saw the request.

    `retry_after` is a number of seconds, or a date as HTTP writes it. With `cas_error` it comes
    from Exchange's own front end, which names this code and sends no page.
    """
    text = _STATUSES[status].encode()
    reply = moment.reply(status, _HTML % (text, text))
    reply.headers = {"Content-Type": "text/html"}
    cas_error = parameters.text("cas_error")
    if cas_error:
        reply = moment.reply(status, b"")
        reply.headers = {"X-CasErrorCode": cas_error}
    after = parameters.text("retry_after")
    if after:
        reply.headers["Retry-After"] = after
        reply.back_off_s = float(after) if after.isdigit() else 0.0
    return reply


for _status in _STATUSES:
    answering(f"http-{_status}", retry_after="", cas_error="")(
        functools.partial(_http_status, _status)
    )
