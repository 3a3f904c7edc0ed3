"""What an answer holds: folders and items, in pages."""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from mailaudit.sources.faults import MailboxFault


class Folder(NamedTuple):
    """One folder as the server describes it.

    `kind` is the element's name: "Folder", or "CalendarFolder", "SearchFolder", … `changed_at`
    is the server's text of an instant. What the server did not say is "" or None.
    """

    id: str
    parent_id: str
    kind: str
    folder_class: str
    distinguished: str
    total_count: int | None
    changed_at: str


class Item(NamedTuple):
    """One item, every field as the server's text, "" where it said nothing."""

    id: str
    item_class: str
    received_at: str
    is_draft: str
    sender: str
    last_verb: str
    last_verb_at: str
    is_read: str


T = TypeVar("T", Folder, Item)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of folders or of one folder's items.

    Attributes:
        total: How many there are in all pages.
        complete: The server says that nothing follows this page.
        fault: Set instead of entries when the server refused this folder.
    """

    entries: tuple[T, ...]
    total: int
    complete: bool
    fault: MailboxFault | None = None
