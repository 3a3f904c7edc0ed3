"""Reads the server's answers: folders, pages of items, and the errors beside them.

Everything read is checked: an answer that is not exactly one to the question is a MailboxFault.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from mailaudit.sources.ews.entries import Folder, Item, Page
from mailaudit.sources.ews.faults import NOT_SOAP, fault_of, malformed
from mailaudit.sources.ews.fields import (
    FOLDER_CHANGED_TAG,
    LAST_VERB_TAG,
    LAST_VERB_TIME_TAG,
    SENDER_ADDRESS_TAG,
)
from mailaudit.sources.ews.forbidden_characters import without_forbidden
from mailaudit.sources.ews.scan import scan_folder_page, scan_item_pages
from mailaudit.sources.faults import MailboxFault

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_M = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
_T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
_E = "{http://schemas.microsoft.com/exchange/services/2006/errors}"
_MOST_DIGITS = 20
# What a rule does with a mail (types.xsd, RuleActionsType) so that somebody else gets it.
_SENDS_ON = ("ForwardToRecipients", "ForwardAsAttachmentToRecipients", "RedirectToRecipients")


def read_folder_page(content: bytes) -> Page[Folder]:
    """The answer to Envelopes.find_folders."""
    page = scan_folder_page(content)
    if page is not None:
        return page
    (message,) = _messages(content, "FindFolder", count=1)
    _raise_error(message)
    root = _child(message, _M + "RootFolder")
    folders = root.find(_T + "Folders")
    entries = () if folders is None else tuple(_folder(element) for element in folders)
    return Page(entries, _total(root), _is_complete(root))


def read_folder_ids(content: bytes, count: int) -> tuple[str | None, ...]:
    """The answer to Envelopes.get_well_known: an id per folder asked, None where it has none."""
    ids: list[str | None] = []
    for message in _messages(content, "GetFolder", count=count):
        if _code(message) == "ErrorFolderNotFound":
            ids.append(None)
            continue
        _raise_error(message)
        folder_id = message.find(f"{_M}Folders/*/{_T}FolderId")
        if folder_id is None:
            raise malformed("folder without id")
        ids.append(folder_id.get("Id"))
    return tuple(ids)


def read_item_pages(content: bytes, count: int) -> tuple[Page[Item], ...]:
    """The answer to Envelopes.find_items: a page per folder asked, in the order asked."""
    pages = scan_item_pages(content, count)
    if pages is not None:
        return pages
    return tuple(_item_page(message) for message in _messages(content, "FindItem", count=count))


def read_forwarding(content: bytes) -> tuple[str, ...]:
    """The answer to Envelopes.get_inbox_rules: the addresses that rules in force send mail on to.

    Nothing else of the rules is looked at: neither their names nor what they look for.
    """
    response = _child(_body(content), _M + "GetInboxRulesResponse")
    _raise_error(response)
    return tuple(
        address.text or ""
        for rule in response.iterfind(f"{_M}InboxRules/{_T}Rule")
        if rule.findtext(_T + "IsEnabled") in ("true", "1")
        for action in _SENDS_ON
        for address in rule.iterfind(f"{_T}Actions/{_T}{action}/{_T}Address/{_T}EmailAddress")
    )


def require_soap(content: bytes) -> None:
    """Raises MailboxFault unless the content is a SOAP answer; a fault names its code."""
    _body(content)


def _item_page(message: etree._Element) -> Page[Item]:
    try:
        _raise_error(message)
    except MailboxFault as fault:
        return Page((), 0, complete=False, fault=fault)
    root = _child(message, _M + "RootFolder")
    items = root.find(_T + "Items")
    entries = () if items is None else tuple(_item(element) for element in items)
    return Page(entries, _total(root), _is_complete(root))


def _messages(content: bytes, operation: str, count: int) -> list[etree._Element]:
    response = _body(content).find(f"{_M}{operation}Response/{_M}ResponseMessages")
    if response is None:
        raise malformed(f"no answer to {operation}")
    messages = response.findall(f"{_M}{operation}ResponseMessage")
    if len(messages) != count:
        if len(messages) == 1:  # one error for the whole call
            _raise_error(messages[0])
        raise malformed(f"{len(messages)} answers to {count} questions")
    return messages


def _body(content: bytes) -> etree._Element:
    """The SOAP body. Raises what a SOAP fault says; refuses document types, so no entities."""
    try:
        root = parsed(content)
    except etree.XMLSyntaxError:
        try:
            root = parsed(without_forbidden(content))
        except etree.XMLSyntaxError as error:
            raise malformed(NOT_SOAP[0]) from error
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise malformed(NOT_SOAP[1])
    body = root.find(_SOAP + "Body")
    if root.tag != _SOAP + "Envelope" or body is None:
        raise malformed(NOT_SOAP[2])
    fault = body.find(_SOAP + "Fault")
    if fault is not None:
        raise _soap_fault(fault)
    return body


def parsed(content: bytes) -> etree._Element:
    """The root of an answer, nothing outside of it loaded. Raises XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)


def _soap_fault(fault: etree._Element) -> MailboxFault:
    """A fault names its code in the detail (Exchange) or in faultcode (others)."""
    code = fault.findtext(f"detail/{_E}ResponseCode")
    if not code:
        code = (fault.findtext("faultcode") or "SOAP fault").rpartition(":")[2]
    return fault_of(code, _back_off_s(fault.iter(_T + "Value")))


def _raise_error(message: etree._Element) -> None:
    if message.get("ResponseClass") == "Success":
        return
    raise fault_of(_code(message), _back_off_s(message.iter(_T + "Value")))


def _back_off_s(values: Iterator[etree._Element]) -> float | None:
    """BackOffMilliseconds of an ErrorServerBusy, in seconds."""
    for value in values:
        if value.get("Name") == "BackOffMilliseconds" and _is_number(value.text or ""):
            return int(value.text or "") / 1000
    return None


def _code(message: etree._Element) -> str:
    return message.findtext(_M + "ResponseCode") or "no response code"


def _child(element: etree._Element, tag: str) -> etree._Element:
    child = element.find(tag)
    if child is None:
        raise malformed(f"no {etree.QName(tag).localname}")
    return child


def _total(root: etree._Element) -> int:
    total = root.get("TotalItemsInView", "")
    if not _is_number(total):
        raise malformed("no TotalItemsInView")
    return int(total)


def _is_number(text: str) -> bool:
    """Whether int() reads it: not every digit is one to it, nor any number of them."""
    return text.isdecimal() and len(text) < _MOST_DIGITS


def _is_complete(root: etree._Element) -> bool:
    return root.get("IncludesLastItemInRange") == "true"


def _folder(element: etree._Element) -> Folder:
    folder_id = parent_id = folder_class = distinguished = count = changed_at = ""
    for child in element:
        tag = child.tag
        if tag == _T + "FolderId":
            folder_id = child.get("Id", "")
        elif tag == _T + "ParentFolderId":
            parent_id = child.get("Id", "")
        elif tag == _T + "FolderClass":
            folder_class = child.text or ""
        elif tag == _T + "TotalCount":
            count = child.text or ""
        elif tag == _T + "DistinguishedFolderId":
            distinguished = child.text or ""
        elif tag == _T + "ExtendedProperty":
            name, value = _extended(child)
            changed_at = value if name == FOLDER_CHANGED_TAG else changed_at
    if not folder_id:
        raise malformed("folder without id")
    return Folder(
        folder_id,
        parent_id,
        str(element.tag).rpartition("}")[2],
        folder_class,
        distinguished,
        int(count) if _is_number(count) else None,
        changed_at,
    )


def _item(element: etree._Element) -> Item:
    item_id = item_class = received_at = is_draft = is_read = ""
    extended: dict[str, str] = {}
    for child in element:
        tag = child.tag
        if tag == _T + "ItemId":
            item_id = child.get("Id", "")
        elif tag == _T + "ItemClass":
            item_class = child.text or ""
        elif tag == _T + "DateTimeReceived":
            received_at = child.text or ""
        elif tag == _T + "IsDraft":
            is_draft = child.text or ""
        elif tag == _T + "IsRead":
            is_read = child.text or ""
        elif tag == _T + "ExtendedProperty":
            name, value = _extended(child)
            extended[name] = value
    if not item_id:
        raise malformed("item without id")
    return Item(
        item_id,
        item_class,
        received_at,
        is_draft,
        extended.get(SENDER_ADDRESS_TAG, ""),
        extended.get(LAST_VERB_TAG, ""),
        extended.get(LAST_VERB_TIME_TAG, ""),
        is_read,
    )


def _extended(element: etree._Element) -> tuple[str, str]:
    """The tag and value of an extended property."""
    tag = value = ""
    for child in element:
        if child.tag == _T + "ExtendedFieldURI":
            tag = child.get("PropertyTag", "").lower()
        elif child.tag == _T + "Value":
            value = child.text or ""
    return tag, value
