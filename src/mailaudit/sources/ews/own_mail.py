"""Own mail: what the owner of a mailbox wrote, where it lies outside Sent Items and the Inbox.

There it may be a sent mail that was filed, deleted, or put into a folder of its own by an IMAP
program; the copy that arrived of a mail to oneself; a second copy of what lies in Sent Items; or
a draft that was thrown away. Sender, time and folder decide (docs/metrics.md, section 1).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter

from mailaudit.sources.ews.entries import Item
from mailaudit.sources.ews.tally import read_instant
from mailaudit.sources.mail_class import is_mail

# Two copies of one mail are at most so far apart: more than mail within an organisation takes, and
# as much as clocks of one domain differ.
SAME_MAIL_S = 300

# By place, which is quicker than by name.
_DRAFT_OF = itemgetter(Item._fields.index("is_draft"))
_SENDER_OF = itemgetter(Item._fields.index("sender"))

Part = tuple[str, Sequence[Item]]  # a folder's id and some of its items


class OwnMail:
    """Sets one mailbox's own mail aside until all of the mailbox was seen.

    Args:
        addresses: Of the mailbox, casefolded.
        inbox: The id of the Inbox, which is left alone: what lies in it arrived.
        mixed: Ids of folders that hold mail of all kinds, whatever was found in them.
    """

    def __init__(self, addresses: frozenset[str], inbox: str, mixed: frozenset[str]) -> None:
        self._addresses = addresses
        self._inbox = inbox
        self._mixed = mixed
        self._own: defaultdict[str, list[Item]] = defaultdict(list)
        self._arrived: list[Item] = []  # own mail in the Inbox
        self._seen: defaultdict[str, int] = defaultdict(int)
        # The owner's as well, but no mail that was sent.
        self._uncounted: defaultdict[str, int] = defaultdict(int)

    def others(self, parts: Sequence[Part]) -> list[Item]:
        """What somebody else wrote, or lies in the Inbox; the rest is set aside."""
        for folder_id, items in parts:
            self._seen[folder_id] += len(items)
        everything = list(chain.from_iterable(items for _, items in parts))
        if not self._is_among(everything):
            return everything  # as nearly everywhere
        others: list[Item] = []
        for folder_id, items in parts:
            if folder_id == self._inbox:
                others += items
                self._arrived += filter(self._is_own_mail, items)
            else:
                others += [item for item in items if not self._takes(folder_id, item)]
        return others

    def settle(self, sent_at: Iterable[str]) -> tuple[list[Item], list[Item]]:
        """Of what was set aside: what was sent, and what was received.

        Args:
            sent_at: When the mails of Sent Items were sent.
        """
        sent: list[Item] = []
        if not self._own:
            return sent, []
        known = sorted(map(_seconds, sent_at))
        loose: list[Item] = []
        for folder_id, items in sorted(self._own.items()):
            if not self._is_of_sent_mail(folder_id):
                loose += items
                continue
            _, alone = _divided(items, known)  # a second copy is not counted again
            known = sorted([*known, *(_seconds(item.received_at) for item in alone)])
            sent += alone
        received, alone = _divided(loose, known)
        return [*sent, *alone], received

    def came_back(self, received: Sequence[Item], sent_at: Iterable[str]) -> list[Item]:
        """The copies that came of mails sent to oneself, each of another mail.

        Own mail without one sent at its time is left out: a scanner may send in the owner's name.

        Args:
            received: What `settle` found to be received.
            sent_at: When all mails were sent.
        """
        arrived = [*self._arrived, *received]
        if not arrived:
            return []
        copies, _ = _divided(arrived, sorted(map(_seconds, sent_at)))
        return copies

    def _is_own_mail(self, item: Item) -> bool:
        return item.sender.casefold() in self._addresses and is_mail(item.item_class)

    def _is_among(self, items: Sequence[Item]) -> bool:
        """Whether there is a draft, or mail of the owner's; without a step of Python's for each."""
        if "true" in map(_DRAFT_OF, items):
            return True
        return not self._addresses.isdisjoint(map(str.casefold, set(map(_SENDER_OF, items))))

    def _takes(self, folder_id: str, item: Item) -> bool:
        """Whether an item is the owner's, and so not received; sets it aside where it is mail."""
        is_own = item.sender.casefold() in self._addresses
        is_draft = item.is_draft == "true" and (is_own or not item.sender)
        if is_draft or (is_own and not is_mail(item.item_class)):
            self._uncounted[folder_id] += 1
        elif is_own:
            self._own[folder_id].append(item)
        return is_own or is_draft

    def _is_of_sent_mail(self, folder_id: str) -> bool:
        """Whether a folder holds nothing but own mail, as those do in which programs keep it."""
        own = len(self._own[folder_id]) + self._uncounted[folder_id]
        return own == self._seen[folder_id] and folder_id not in self._mixed


def _divided(items: Sequence[Item], known: Sequence[float]) -> tuple[list[Item], list[Item]]:
    """Those that are copies of a known mail, each of another one, and those that are not.

    Args:
        known: When the known ones were sent, ascending, in seconds.
    """
    copies: list[Item] = []
    alone: list[Item] = []
    place = 0
    for item in sorted(items, key=lambda item: (_seconds(item.received_at), item.id)):
        at = _seconds(item.received_at)
        while place < len(known) and known[place] < at - SAME_MAIL_S:
            place += 1
        if place < len(known) and known[place] <= at + SAME_MAIL_S:
            copies.append(item)
            place += 1
        else:
            alone.append(item)
    return copies, alone


def _seconds(instant: str) -> float:
    return read_instant(instant).timestamp()
