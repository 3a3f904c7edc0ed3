"""Reads one mailbox: find its mail folders, then the Period's items of all of them at once.

Two requests in the common case; one where no folder can hold anything of the Period; more only
for further pages, more than 100 folders, or servers that do not mark distinguished folders.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.sources.ews.answers import read_folder_ids, read_folder_page, read_item_pages
from mailaudit.sources.ews.body import TOO_LARGE
from mailaudit.sources.ews.entries import Folder, Item, Page
from mailaudit.sources.ews.envelopes import (
    DELETED,
    INBOX,
    MAX_FOLDERS_PER_CALL,
    NOT_RECEIVED,
    RECOVERABLE,
    WELL_KNOWN,
    Envelopes,
)
from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.ews.own_mail import OwnMail, Part
from mailaudit.sources.ews.tally import Days, Tally, read_instant
from mailaudit.sources.faults import MailboxFault

# Clocks of servers differ; a folder counts as changed in the Period up to this much before it.
CLOCK_MARGIN = timedelta(days=1)
# Recoverable Items, where the server does not show them.
_NOT_SHOWN = ("ErrorFolderNotFound", "ErrorAccessDenied")
COUNTED_AT_ONCE = 1000  # items: a large mailbox streams
MAX_PAGES = 1000  # of one folder: a server that pages on for ever is not believed

Ask = Callable[[bytes, str], bytes]


class MailboxReader:
    """Turns one mailbox into its Activity.

    Args:
        ask: Posts an envelope about a mailbox and returns the answer.
        clock: Now, UTC.
        recoverable_items: Whether mail deleted for good counts where the server shows it.
        aliases: Further addresses of those mailboxes that have some.
    """

    def __init__(
        self,
        ask: Ask,
        version: str,
        period: Period,
        inside_domains: frozenset[str],
        clock: Callable[[], datetime],
        *,
        recoverable_items: bool = False,
        aliases: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._ask = ask
        self._envelopes = Envelopes(version, period)
        self._changed_from = period.start - CLOCK_MARGIN
        self._days = Days(period)
        self._inside_domains = inside_domains
        self._clock = clock
        self._deleted = (RECOVERABLE,) if recoverable_items else ()
        self._aliases = aliases or {}

    def activity(self, mailbox: str) -> Activity:
        """What the mailbox did in the Period. Raises MailboxFault, ServerError."""
        observed_at = self._clock()
        tally = Tally(self._days, self._inside_domains)
        folders = self.folders(mailbox)
        addresses = map(str.casefold, (mailbox, *self._aliases.get(mailbox, ())))
        mixed = frozenset((folders.inbox, folders.deleted, *self._deleted))
        own = OwnMail(frozenset(addresses), folders.inbox, mixed)
        is_sent = frozenset(folders.sent)
        folder_ids = (*folders.sent, *folders.others, *self._deleted)
        for start in range(0, len(folder_ids), MAX_FOLDERS_PER_CALL):
            chunk = folder_ids[start : start + MAX_FOLDERS_PER_CALL]
            parts: list[Part] = []  # of several folders, as they are quicker counted together
            waiting = 0
            for folder_id, items in self._items(mailbox, chunk):
                if folder_id in is_sent:
                    tally.add_sent(items)
                    continue
                parts.append((folder_id, items))
                waiting += len(items)
                if waiting >= COUNTED_AT_ONCE:
                    tally.add_received(own.others(parts))
                    parts, waiting = [], 0
            tally.add_received(own.others(parts))
        sent, received = own.settle(tally.sent_at)
        tally.add_sent(sent)
        tally.add_received(received)
        tally.add_to_self(own.came_back(received, tally.sent_at))
        return tally.activity(mailbox, observed_at)

    def folders(self, mailbox: str) -> "Folders":
        """The folders to read. Raises MailboxFault, ServerError."""
        folders = self._all_folders(mailbox)
        roots = {folder.distinguished: folder.id for folder in folders if folder.distinguished}
        if not all(name in roots for name in NOT_RECEIVED):
            content = self._ask(self._envelopes.get_well_known(mailbox), mailbox)
            ids = read_folder_ids(content, len(WELL_KNOWN))
            roots = {name: found for name, found in zip(WELL_KNOWN, ids, strict=True) if found}
        parents = {folder.id: folder.parent_id for folder in folders}
        kinds = {roots[name]: name for name in NOT_RECEIVED if name in roots}
        sent: list[str] = []
        received: list[str] = []
        for folder in folders:
            if not self._can_hold_mail(folder):
                continue
            kind = _nearest(folder.id, parents, kinds)
            if kind == "sentitems":
                sent.append(folder.id)
            elif kind is None:
                received.append(folder.id)
        return Folders(sent, received, roots.get(INBOX, ""), roots.get(DELETED, ""))

    def _all_folders(self, mailbox: str) -> list[Folder]:
        folders: dict[str, Folder] = {}  # each once, should a page repeat some of the one before
        offset = 0
        for _ in range(MAX_PAGES):
            content = self._ask(self._envelopes.find_folders(mailbox, offset), mailbox)
            page = read_folder_page(content)
            folders.update((folder.id, folder) for folder in page.entries)
            offset += len(page.entries)
            if page.complete or not page.entries:
                break
        if len(folders) != page.total or not page.complete:
            raise malformed("folders missing")
        return list(folders.values())

    def _can_hold_mail(self, folder: Folder) -> bool:
        """A mail folder with something in it that may have come in the Period.

        PidTagLocalCommitTimeMax is when a folder's own content last changed; whatever arrived in
        the Period arrived no later than that. Servers without it are asked for the items.
        """
        if folder.kind != "Folder" or folder.total_count == 0:
            return False
        folder_class = folder.folder_class.casefold()
        if folder_class and not folder_class.startswith(("ipf.note", "ipf.imap")):
            return False
        if not folder.changed_at:
            return True
        return read_instant(folder.changed_at) >= self._changed_from

    def _items(
        self, mailbox: str, folder_ids: Sequence[str]
    ) -> Iterator[tuple[str, Sequence[Item]]]:
        """Each folder's items, in as many parts as it has pages."""
        if not folder_ids:
            return
        try:
            content = self._ask(self._envelopes.find_items(mailbox, folder_ids), mailbox)
        except MailboxFault as fault:
            if fault.detail != TOO_LARGE or len(folder_ids) == 1:
                raise
            for folder_id in folder_ids:  # a page of each fits
                yield from self._items(mailbox, [folder_id])
            return
        unfinished = []
        for folder_id, page in zip(
            folder_ids, read_item_pages(content, len(folder_ids)), strict=True
        ):
            if page.fault is not None:
                if folder_id == RECOVERABLE and page.fault.detail in _NOT_SHOWN:
                    continue
                raise page.fault
            if page.complete and len(page.entries) == page.total:
                yield folder_id, page.entries
            else:
                pages = _Pages()
                yield folder_id, pages.new(page)
                unfinished.append((folder_id, pages))
        del content, page  # of a large mailbox, much: not kept while more is asked for
        while unfinished:
            folder_id, pages = unfinished.pop()
            for items in self._further(mailbox, folder_id, pages):
                yield folder_id, items

    def _further(self, mailbox: str, folder_id: str, pages: "_Pages") -> Iterator[Sequence[Item]]:
        """The rest of a folder, in pages of its own: the server may cut any page, or a whole
        folder, short.

        Yields each item once, a page at a time. Raises MailboxFault when the pages do not add up
        to the folder.
        """
        for _ in range(MAX_PAGES):
            if pages.are_all:
                return
            envelope = self._envelopes.find_items(mailbox, [folder_id], pages.offset)
            (page,) = read_item_pages(self._ask(envelope, mailbox), 1)
            if page.fault is not None:
                raise page.fault
            if not page.entries and not pages.have(page.total):
                break
            yield pages.new(page)
        raise malformed("pages do not add up")


class Folders(NamedTuple):
    """Ids of folders: of sent mail, of other mail, and of two of the latter, "" if unknown."""

    sent: Sequence[str]
    others: Sequence[str]
    inbox: str
    deleted: str


class _Pages:
    """How much of a folder has come.

    Of the items seen, 64 bits of the id are kept. Should two ever share them, an item is missing
    from the folder's total, and so its mailbox is Unmeasured, not miscounted.
    """

    def __init__(self) -> None:
        self.offset = 0
        self.are_all = False
        self._seen: set[int] = set()

    def have(self, total: int) -> bool:
        """Whether so many different items have come."""
        return len(self._seen) >= total

    def new(self, page: Page[Item]) -> list[Item]:
        """What no page before had."""
        keyed = {hash(item.id): item for item in page.entries}
        new = {key: item for key, item in keyed.items() if key not in self._seen}
        self._seen.update(new)
        self.offset += len(page.entries)
        self.are_all = self.have(page.total) and (page.complete or self.offset >= page.total)
        return list(new.values())


def _nearest(folder_id: str, parents: dict[str, str], kinds: dict[str, str]) -> str | None:
    """The kind of the folder itself or of its nearest ancestor that has one."""
    for _ in range(len(parents) + 1):
        if folder_id in kinds:
            return kinds[folder_id]
        if folder_id not in parents:
            return None
        folder_id = parents[folder_id]
    raise malformed("folders in a circle")
