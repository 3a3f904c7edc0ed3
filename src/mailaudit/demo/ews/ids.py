"""Ids of folders and items: opaque to the client, stable, and cheap to write."""

import base64
import hashlib
from functools import cache, lru_cache

_LEAD = "AAMk"
_NUMBER_CHARS = 8
_MAILBOX_BYTES = 48  # 64 characters without padding


@lru_cache(maxsize=4096)
def mailbox_part(address: str) -> str:
    """What the ids of one mailbox begin with: 64 characters, another for every address."""
    digest = hashlib.sha512(address.encode()).digest()[:_MAILBOX_BYTES]
    return _LEAD + base64.b64encode(digest).decode()


@cache
def number_part(number: int) -> str:
    """A number as the 8 characters it takes in an id."""
    return base64.b64encode(number.to_bytes(6, "big")).decode()


def folder_id(address: str, number: int) -> str:
    return f"{mailbox_part(address)}AQAuAAAA{number_part(number)}AAA="


def change_key(number: int) -> str:
    return f"AQAAABYAAAC{number_part(number)}A=="


def folder_number(address: str, text: str) -> int | None:
    """The number of the folder of this mailbox whose id this is, or None.

    Raises:
        ValueError: It is not a folder id of any mailbox.
    """
    lead = mailbox_part(address)
    body, tail = text[len(lead) : len(lead) + 8], text[len(lead) + 8 :]
    if body != "AQAuAAAA" or not text.startswith(_LEAD) or not tail.endswith("AAA="):
        raise ValueError(text)
    number = int.from_bytes(base64.b64decode(tail[:_NUMBER_CHARS], validate=True), "big")
    if text != f"{text[: len(lead)]}AQAuAAAA{number_part(number)}AAA=":
        raise ValueError(text)
    return number if text.startswith(lead) else None
