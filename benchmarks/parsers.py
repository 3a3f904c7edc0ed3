"""How fast one mailbox's answers are read: as Exchange writes them, with attributes in another
order, and by the XML parser."""

import re
import time
from datetime import UTC, datetime
from statistics import median

from benchmarks.workload import PERIOD, Workload, address
from mailaudit.demo.ews.exchange import Exchange
from mailaudit.demo.ews.stores import Caller, Stores
from mailaudit.sources.ews.answers import read_folder_page, read_item_pages
from mailaudit.sources.ews.mailbox import MailboxReader

ROUNDS, READ = 15, 20  # rounds of each form in turn, and answers read in a round
_ATTRIBUTES = re.compile(rb'<([mt]:\w+)((?: \w+="[^"]*"){2,})(/?)>')
_ATTRIBUTE = re.compile(rb' \w+="[^"]*"')


def turned(content: bytes) -> bytes:
    """The same answer, every element's attributes in the opposite order."""
    return _ATTRIBUTES.sub(
        lambda m: b"<%s%s%s>" % (m[1], b"".join(_ATTRIBUTE.findall(m[2])[::-1]), m[3]), content
    )


def with_comment(content: bytes) -> bytes:
    """The same answer with a comment, which only the XML parser reads."""
    return content.replace(b"<s:Header>", b"<!-- --><s:Header>", 1)


def print_table() -> None:
    """Milliseconds to read a mailbox's folders and its 300 mails, and how often the first's."""
    folders, items, count = _answers()
    forms = {
        "as Exchange writes": (folders, items),
        "attributes turned": (turned(folders), turned(items)),
        "XML parser": (with_comment(folders), with_comment(items)),
    }
    taken: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        for name, (of_folders, of_items) in forms.items():
            since = time.process_time()
            for _ in range(READ):
                read_folder_page(of_folders)
                read_item_pages(of_items, count)
            taken[name].append((time.process_time() - since) / READ * 1000)
    usual = median(taken["as Exchange writes"])
    for name, times in taken.items():
        print(f"{name:20}{median(times):8.2f} ms{median(times) / usual:8.2f} x")


def _answers() -> tuple[bytes, bytes, int]:
    """The answers of one mailbox, and of how many folders the second one is."""
    exchange = Exchange(Stores(Workload("folders", 1), {}))
    answers: list[bytes] = []

    def ask(envelope: bytes, _mailbox: str) -> bytes:
        caller = Caller("benchmark", None, may_impersonate=True)
        answers.append(exchange.answer(envelope, caller).body)
        return answers[-1]

    reader = MailboxReader(ask, "Exchange2016", PERIOD, frozenset(), lambda: datetime.now(UTC))
    reader.activity(address(0))
    folders, items = answers
    return folders, items, items.count(b"<m:FindItemResponseMessage ")
