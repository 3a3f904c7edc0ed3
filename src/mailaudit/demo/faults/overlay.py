"""A Directory some of whose mailboxes change while they are served."""

from collections.abc import Sequence

from mailaudit.demo.content import Directory, Item, Mailbox
from mailaudit.demo.standard import DELETED, INBOX, SENT

_NEW_NUMBERS_FROM = 1 << 32  # no item of any directory has a number as great


class Overlay:
    """A Directory with mail that arrived since the server started."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._changed: dict[str, Mailbox] = {}

    @property
    def addresses(self) -> Sequence[str]:
        return self._directory.addresses

    def name_of(self, address: str) -> str:
        return self._directory.name_of(address)

    def mailbox(self, address: str) -> Mailbox | None:
        return self._changed.get(address) or self._directory.mailbox(address)

    def deliver(self, address: str, count: int, item_class: str, at: int) -> None:
        """Puts items into an Inbox, all at one time, after those there are of the same time."""
        mailbox = self.mailbox(address)
        if mailbox is None:
            return
        self._changed[address] = mailbox
        inbox = mailbox.by_number[INBOX]
        new = [
            Item(_NEW_NUMBERS_FROM + inbox.total + n, item_class, at, at, False, "")
            for n in range(count)
        ]
        inbox.items = sorted([*inbox.items, *new], key=lambda item: item.received)
        inbox.received = [item.received for item in inbox.items]
        inbox.total = len(inbox.items)
        inbox.unread += len(new)
        inbox.changed_at = max(inbox.changed_at, at)

    def delete_sent(self, address: str, sender: str) -> None:
        """Moves all of Sent Items into Deleted Items, sent by another address if one is given."""
        mailbox = self.mailbox(address)
        if mailbox is None:
            return
        self._changed[address] = mailbox
        sent, deleted = mailbox.by_number[SENT], mailbox.by_number[DELETED]
        moved = [item._replace(sender=sender or item.sender) for item in sent.items]
        deleted.items, sent.items = [*deleted.items, *moved], ()
        for folder in (sent, deleted):
            folder.count()
