"""What the benchmark's server holds: mailboxes of about 300 mails a month, all alike."""

from collections.abc import Sequence
from functools import cache

from mailaudit.demo.content import Item, Mailbox
from mailaudit.demo.standard import INBOX, SENT, ExtraFolder, folder_tree
from mailaudit.model.period import Period

DOMAIN = "bench.test"
LOGIN_DOMAIN, LOGIN_NAME, PASSWORD = "BENCH", "auditor", "benchmark only"
LOGIN = f"{LOGIN_DOMAIN}\\{LOGIN_NAME}"
PERIOD = Period(2026, 10)
SENT_ITEMS, RECEIVED_ITEMS = 80, 220
SUBFOLDERS = 10


class Workload:
    """A Directory of `count` mailboxes.

    Args:
        kind: "flat": Sent Items and Inbox; "folders": and ten folders below the Inbox.
        factor: Multiplies the number of mails.
    """

    def __init__(self, kind: str, count: int, factor: int = 1) -> None:
        self._count = count
        self._known = frozenset(self.addresses)
        start = int(PERIOD.start.timestamp())
        length = int(PERIOD.end.timestamp()) - start
        step = length // (RECEIVED_ITEMS * factor + 1)
        folders = [INBOX] if kind == "flat" else [INBOX, *range(100, 100 + SUBFOLDERS)]
        self._extra: tuple[ExtraFolder, ...] = tuple(
            (number, INBOX, f"Thư mục {number}", "IPF.Note", "Folder") for number in folders[1:]
        )
        self._items: dict[int, list[Item]] = {number: [] for number in [SENT, *folders]}
        for place in range(RECEIVED_ITEMS * factor):
            self._items[folders[place % len(folders)]].append(_item(place, start + place * step))
        for place in range(SENT_ITEMS * factor):
            self._items[SENT].append(_item(100_000 + place, start + place * step * 2))
        self.mailbox = cache(self._mailbox)

    @property
    def addresses(self) -> Sequence[str]:
        return [address(number) for number in range(self._count)]

    def name_of(self, address: str) -> str:
        return address

    def _mailbox(self, address: str) -> Mailbox | None:
        if address not in self._known:
            return None
        return Mailbox(address, address, folder_tree(self._items, self._extra))


def address(number: int) -> str:
    return f"m{number:06d}@{DOMAIN}"


def _item(number: int, at: int) -> Item:
    answered = number % 5 == 0
    return Item(
        number,
        "IPM.Note",
        at,
        at,
        number % 3 != 0,
        f"s{number % 40}@{DOMAIN if number % 4 else 'outside.test'}",
        102 if answered else 0,
        at + 3600 if answered else 0,
    )
