"""Reads the common form of a FindItem answer some ten times faster than an XML parser can.

The form is exactly what Exchange writes for the fields asked: every folder a success, every item
an id, a class, a date, extended properties and a read flag, in this order and with the usual
prefixes. Anything else, by so much as one item, one attribute or one escaped character, is not
read here at all but left to the XML parser: `None` means "not that form", never "nothing there".
"""

import re

from mailaudit.sources.ews.entries import Item, Page
from mailaudit.sources.ews.fields import LAST_VERB_TAG, LAST_VERB_TIME_TAG, SENDER_ADDRESS_TAG

_MESSAGE = "<m:FindItemResponseMessage "
_MESSAGE_HEAD = re.compile(
    r'ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
    r"<m:RootFolder ([^<>]*)>(?:<t:Items>|<t:Items/>)"
)
_ITEMS_END = "</t:Items>"
_MESSAGE_TAIL = re.compile(
    r"(?:<t:Groups/>)?</m:RootFolder></m:FindItemResponseMessage>(?:</m:ResponseMessages>.*)?",
    re.DOTALL,
)
_TOTAL = re.compile(r'TotalItemsInView="(\d+)"')
_COMPLETE = re.compile(r'IncludesLastItemInRange="(true|false)"')


def _property(tag: str) -> str:
    return (
        rf'(?:<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="{tag}"'
        r' PropertyType="[A-Za-z]+"/>'
        r"<t:Value>([^<>]*)</t:Value></t:ExtendedProperty>)?"
    )


# The groups are the fields of an Item, in order.
_ITEM = re.compile(
    r'<t:ItemId Id="([^"<>]+)" ChangeKey="[^"<>]*"/><t:ItemClass>([^<>]*)</t:ItemClass>'
    r"<t:DateTimeReceived>([^<>]*)</t:DateTimeReceived>"
    + _property(SENDER_ADDRESS_TAG)
    + _property(LAST_VERB_TAG)
    + _property(LAST_VERB_TIME_TAG)
    + r"(?:<t:IsRead>([a-z]+)</t:IsRead>)?</t:[A-Z]"
)
_ITEM_MARKS = ("<t:ItemId ", "</t:ItemClass>", "</t:DateTimeReceived>")


def scan_item_pages(content: bytes, count: int) -> tuple[Page[Item], ...] | None:
    """A page per folder asked, or None when the answer is not of the common form."""
    if b"&" in content or b"<!" in content:  # escapes, comments, CDATA, document types
        return None
    try:
        messages = content.decode("utf-8").split(_MESSAGE)[1:]
    except UnicodeDecodeError:
        return None
    if len(messages) != count:
        return None
    pages = []
    for message in messages:
        page = _page(message)
        if page is None:
            return None
        pages.append(page)
    return tuple(pages)


def _page(message: str) -> Page[Item] | None:
    head = _MESSAGE_HEAD.match(message)
    if head is None:
        return None
    total, complete = _TOTAL.search(head[1]), _COMPLETE.search(head[1])
    end = head.end() if head[0].endswith("/>") else message.find(_ITEMS_END)
    tail_at = end if head[0].endswith("/>") else end + len(_ITEMS_END)
    if total is None or complete is None or end < 0:
        return None
    if _MESSAGE_TAIL.fullmatch(message, tail_at) is None:
        return None
    rows = message[head.end() : end]
    items = tuple(map(Item._make, _ITEM.findall(rows)))
    # An item of any other form has one of the marks, but was not found.
    if any(rows.count(mark) != len(items) for mark in _ITEM_MARKS):
        return None
    return Page(items, int(total[1]), complete[1] == "true")
