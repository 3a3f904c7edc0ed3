"""What the demonstration server holds: Items in Folders in Mailboxes in a Directory.

Times are whole seconds of Unix time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class Item(NamedTuple):
    """One mail or other item. No subject, body or attachment: nobody may ask for them.

    Attributes:
        number: Unique in its mailbox; the item's id is made of it.
        received: When it arrived; for a sent item, when it was put into Sent Items.
        sent: When it was sent; 0 for a draft.
        sender: SMTP address.
        verb: PidTagLastVerbExecuted (102 reply, 103 reply to all, 104 forward), 0 for none.
        verb_at: When, 0 for never.
    """

    number: int
    item_class: str
    received: int
    sent: int
    is_read: bool
    sender: str
    verb: int = 0
    verb_at: int = 0

    @property
    def is_draft(self) -> bool:
        """Whether it was never sent."""
        return not self.sent


@dataclass(slots=True)
class Folder:
    """A folder of a mailbox.

    Attributes:
        number: Unique in its mailbox; 0 is the root.
        parent: Number of the folder it lies in; the root is its own parent.
        kind: Name of its element in an answer ("Folder", "CalendarFolder", "SearchFolder").
        distinguished: Its well-known name ("inbox"), or empty.
        items: Ascending by time received.
        received: The items' times received, for cutting a range out.
        total, unread: How many items there are, and how many of them are unread.
        children: How many folders lie directly in it; filled in by its Mailbox.
        changed_at: PidTagLocalCommitTimeMax, when its content last changed, 0 when unknown.
    """

    number: int
    parent: int
    name: str
    folder_class: str = ""
    kind: str = "Folder"
    distinguished: str = ""
    items: Sequence[Item] = ()
    received: list[int] = field(init=False)
    total: int = field(init=False)
    unread: int = field(init=False)
    children: int = field(init=False, default=0)
    changed_at: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.count()

    def count(self) -> None:
        """Brings what is known of the items up to date."""
        self.items = sorted(self.items, key=lambda item: item.received)
        self.received = [item.received for item in self.items]
        self.total = len(self.items)
        self.unread = sum(not item.is_read for item in self.items)
        if self.items:
            self.changed_at = max(max(item.received, item.verb_at) for item in self.items)


@dataclass(slots=True)
class Mailbox:
    """A mailbox and its folders, parents before their children, depth first.

    Attributes:
        forwards_to: Address its one Inbox rule redirects mail to, or empty.
        out_of_office: Whether automatic replies are on.
    """

    address: str
    name: str
    folders: tuple[Folder, ...]
    forwards_to: str = ""
    out_of_office: bool = False
    by_number: dict[int, Folder] = field(init=False)
    by_name: dict[str, Folder] = field(init=False)

    def __post_init__(self) -> None:
        self.by_number = {folder.number: folder for folder in self.folders}
        self.by_name = {f.distinguished: f for f in self.folders if f.distinguished}
        for folder in self.folders:
            if folder.number != folder.parent:
                self.by_number[folder.parent].children += 1

    def beneath(self, parent: Folder, *, deep: bool) -> list[Folder]:
        """The folders in `parent`: directly in it, or at any depth."""
        found = []
        inside = {parent.number}
        for folder in self.folders:
            if folder.parent in inside and folder.number != folder.parent:
                found.append(folder)
                if deep:
                    inside.add(folder.number)
        return found


class Directory(Protocol):
    """The people a server knows, and their mailboxes."""

    @property
    def addresses(self) -> Sequence[str]:
        """Every address with a mailbox, in a fixed order."""
        ...

    def name_of(self, address: str) -> str:
        """The display name of a known address."""
        ...

    def mailbox(self, address: str) -> Mailbox | None:
        """The mailbox of an address in lower case, None when there is none."""
        ...
