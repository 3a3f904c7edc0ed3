"""CreateItem, as far as it sends a mail: from the account's own mailbox, with a copy kept."""

import base64
import binascii
from collections.abc import Callable
from email import message_from_bytes
from email.utils import parseaddr

from mailaudit.demo.ews.envelope import Request, answer, failure, success
from mailaudit.demo.ews.schema import (
    Element,
    ResponseError,
    attribute,
    in_order,
    m,
    t,
    text_of,
    violation,
)
from mailaudit.demo.ews.stores import Caller

Taken = Callable[[bytes], None]

_DISPOSITIONS = ("SaveOnly", "SendOnly", "SendAndSaveCopy")


def create_item(request: Request, caller: Caller, take: Taken) -> bytes:
    """The answer to CreateItem: each message is handed to `take` as it is sent.

    Only messages in MIME form, from who is logged in, are sent; nobody acts for somebody else.

    Raises:
        Fault: The request is not as the schema says.
    """
    disposition = attribute(request.element, "MessageDisposition", _DISPOSITIONS)
    parts = in_order(request.element, m("SavedItemFolderId"), m("Items"), required=[m("Items")])
    messages = []
    for item in parts["Items"]:
        try:
            if disposition != "SendAndSaveCopy" or item.tag != t("Message"):
                raise ResponseError("ErrorInvalidOperation", "This server only sends messages.")
            take(_sendable(item, request, caller))
            messages.append(success("CreateItem", "<m:Items/>"))
        except ResponseError as error:
            messages.append(failure("CreateItem", error))
    return answer("CreateItem", "".join(messages))


def _sendable(item: Element, request: Request, caller: Caller) -> bytes:
    """The content of a message that may be sent. Raises Fault, ResponseError."""
    content = item.find(t("MimeContent"))
    if content is None:
        raise ResponseError("ErrorInvalidOperation", "This server only sends MIME content.")
    try:
        mail = base64.b64decode(text_of(content), validate=True)
    except binascii.Error:
        raise violation(content, "The 'MimeContent' element is invalid.") from None
    if request.impersonated is not None or caller.address is None:
        raise ResponseError("ErrorMissingEmailAddress", "The account does not have a mailbox.")
    message = message_from_bytes(mail)
    if parseaddr(message.get("From", ""))[1].lower() != caller.address:
        raise ResponseError(
            "ErrorSendAsDenied", "The user account does not have the right to send mail as this."
        )
    if not parseaddr(message.get("To", ""))[1]:
        raise ResponseError("ErrorInvalidRecipients", "At least one recipient is not valid.")
    return mail
