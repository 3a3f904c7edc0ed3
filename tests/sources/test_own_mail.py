"""Mail that the owner of a mailbox wrote, wherever it lies, read from a real answer of the
demonstration's Exchange."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fault_builders import addresses, an_office, audited, counts
from source_builders import MAY, a_fleet, a_source, all_of

from mailaudit.demo.content import Item, Mailbox
from mailaudit.demo.ews.exchange import Exchange
from mailaudit.demo.ews.paging import Limit
from mailaudit.demo.ews.stores import Caller, Stores
from mailaudit.demo.standard import DELETED, INBOX, RECOVERABLE, SENT, ExtraFolder, folder_tree
from mailaudit.model.outcome import DayActivity
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews.mailbox import MailboxReader

OCTOBER = Period(2026, 10)
ME, ALIAS, OTHER = "an@tinh.test", "an.nv@cu.test", "binh@tinh.test"
CALLER = Caller("svc", None, may_impersonate=True)
AT = int(datetime(2026, 10, 5, 3, tzinfo=UTC).timestamp())
PROJECT, OUTBOX_OF_IMAP, SECOND = 100, 101, 102  # the owner's own folders
FOLDERS: tuple[ExtraFolder, ...] = (
    (PROJECT, INBOX, "Dự án", "IPF.Note", "Folder"),
    (OUTBOX_OF_IMAP, 1, "Sent", "IPF.Imap", "Folder"),
    (SECOND, 1, "Sent Messages", "IPF.Note", "Folder"),
)
Content = Mapping[int, Sequence[Item]]


DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"
LIES_IN = {
    "Inbox": INBOX,
    "Deleted Items": DELETED,
    "folder of a project, with others' mail": PROJECT,
    "*Sent* of a mail program": OUTBOX_OF_IMAP,
}
SENDERS = {"owner": ME, "not given": "", "somebody else": OTHER}


class Office:
    """A Directory of one mailbox."""

    def __init__(self, content: Content) -> None:
        self._mailbox = Mailbox(ME, "An", folder_tree(content, FOLDERS))

    @property
    def addresses(self) -> Sequence[str]:
        return (ME,)

    def name_of(self, address: str) -> str:
        return address

    def mailbox(self, address: str) -> Mailbox | None:
        return self._mailbox if address == ME else None


def a_mail(
    number: int,
    sender: str = ME,
    *,
    after_s: int = 0,
    is_read: bool = True,
    draft: bool = False,
    item_class: str = "IPM.Note",
) -> Item:
    at = AT + after_s
    return Item(number, item_class, at, 0 if draft else at, is_read, sender)


def sums(
    content: Content,
    *,
    aliases: tuple[str, ...] = (),
    page: int = 1000,
    well_known_names: bool = True,
    recoverable_items: bool = False,
) -> tuple[int, int, int, int]:
    """Sent, received, read, received from inside."""
    days = days_in(
        content,
        aliases=aliases,
        page=page,
        well_known_names=well_known_names,
        recoverable_items=recoverable_items,
    )
    return (
        sum(day.sent for day in days),
        sum(day.received for day in days),
        sum(day.read for day in days),
        sum(day.received_inside for day in days),
    )


def to_self(content: Content, *, aliases: tuple[str, ...] = (), page: int = 1000) -> int:
    """How many mails to oneself there are."""
    return sum(day.sent_to_self for day in days_in(content, aliases=aliases, page=page))


def days_in(
    content: Content,
    *,
    aliases: tuple[str, ...] = (),
    page: int = 1000,
    well_known_names: bool = True,
    recoverable_items: bool = False,
) -> tuple[DayActivity, ...]:
    """What a mailbox did."""
    exchange = Exchange(
        Stores(Office(content), {}), limit=Limit(page, False), well_known_names=well_known_names
    )
    reader = MailboxReader(
        lambda envelope, _: exchange.answer(envelope, CALLER).body,
        "Exchange2016",
        OCTOBER,
        frozenset({"tinh.test"}),
        lambda: datetime(2026, 11, 2, tzinfo=UTC),
        recoverable_items=recoverable_items,
        aliases={ME: aliases} if aliases else {},
    )
    return reader.activity(ME).days


@pytest.mark.parametrize("folder", [DELETED, PROJECT, OUTBOX_OF_IMAP])
@pytest.mark.parametrize("sender", [ME, "AN@Tinh.test"])
def test_own_mail_outside_sent_items_was_sent(folder: int, sender: str) -> None:
    """Deleted, filed, or kept by an IMAP program: it was sent, and nobody received it here."""
    content = {folder: [a_mail(1, sender)], INBOX: [a_mail(2, OTHER, is_read=False)]}
    assert sums(content) == (1, 1, 0, 1)


@pytest.mark.parametrize("folder", [DELETED, PROJECT, OUTBOX_OF_IMAP])
def test_draft_outside_drafts_is_no_mail(folder: int) -> None:
    """Thrown away or put aside: it was neither sent nor received, whether it names a sender."""
    drafts = [a_mail(1, draft=True), a_mail(2, "", draft=True), a_mail(3, ALIAS, draft=True)]
    assert sums({folder: drafts}, aliases=(ALIAS,)) == (0, 0, 0, 0)


def test_what_others_wrote_is_received_though_the_server_calls_it_a_draft() -> None:
    """Mail that a migration saved looks like a draft; its sender shows that it is not one."""
    assert sums({PROJECT: [a_mail(1, OTHER, draft=True)]}) == (0, 1, 1, 1)
    assert sums({SENT: [a_mail(1, draft=True)]}) == (1, 0, 0, 0)


def test_mail_to_oneself_is_sent_once_and_received_once() -> None:
    """Its copy in the Inbox was received, read or not, and so is one that was filed or deleted."""
    sent = {SENT: [a_mail(1)]}
    for is_read in (True, False):
        copy = a_mail(2, after_s=4, is_read=is_read)
        expected = (1, 1, int(is_read), 1)
        assert sums({**sent, INBOX: [copy]}) == expected
        assert sums({**sent, DELETED: [copy]}) == expected
        assert sums({**sent, PROJECT: [copy, a_mail(3, OTHER)]}) == (1, 2, 1 + is_read, 2)
    imap = {OUTBOX_OF_IMAP: [a_mail(1)]}
    assert sums({**imap, INBOX: [a_mail(2, after_s=4)]}) == (1, 1, 1, 1)
    assert sums({**imap, DELETED: [a_mail(2, after_s=4)]}) == (1, 1, 1, 1)


def test_mail_to_oneself_without_a_copy_of_what_was_sent_is_received() -> None:
    """In the Inbox lies what arrived."""
    assert sums({INBOX: [a_mail(1)]}) == (0, 1, 1, 1)


def test_two_copies_of_what_was_sent_count_once() -> None:
    """Server and program keep one each, in the same minute: neither is received."""
    mails = [a_mail(number, after_s=3600 * number) for number in range(3)]
    copies = [a_mail(10 + number, after_s=3600 * number + 60) for number in range(3)]
    assert sums({SENT: mails, OUTBOX_OF_IMAP: copies}) == (3, 0, 0, 0)
    assert sums({OUTBOX_OF_IMAP: mails, SECOND: copies}) == (3, 0, 0, 0)
    assert sums({SENT: mails[:2], OUTBOX_OF_IMAP: copies}) == (3, 0, 0, 0)


@pytest.mark.parametrize(("apart_s", "received"), [(300, 1), (301, 0)])
@pytest.mark.parametrize("sign", [1, -1])
def test_copies_of_one_mail_are_at_most_five_minutes_apart(
    apart_s: int, received: int, sign: int
) -> None:
    """The one that was deleted came with the one in Sent Items, or is another that was sent."""
    content = {SENT: [a_mail(1)], PROJECT: [a_mail(2, after_s=sign * apart_s), a_mail(3, OTHER)]}
    assert sums(content)[:2] == (2 - received, 1 + received)


def test_one_folder_of_sent_mail_counts_all_of_it() -> None:
    """Mails a minute apart in one folder are different mails."""
    mails = [a_mail(number, after_s=60 * number) for number in range(4)]
    assert sums({OUTBOX_OF_IMAP: mails}) == (4, 0, 0, 0)
    assert sums({PROJECT: [*mails, a_mail(9, OTHER)]}) == (4, 1, 1, 1)


def test_aliases_of_the_mailbox_are_its_own_address() -> None:
    """What was sent under an earlier address was sent; without it on the list it is anybody's."""
    content = {DELETED: [a_mail(1, ALIAS.upper())]}
    assert sums(content, aliases=(ALIAS,)) == (1, 0, 0, 0)
    assert sums(content) == (0, 1, 1, 0)


def test_server_without_senders_changes_nothing() -> None:
    """Whatever lies outside Sent Items is received there, as ever."""
    assert sums({DELETED: [a_mail(1, "")], OUTBOX_OF_IMAP: [a_mail(2, "")]}) == (0, 2, 2, 0)


def test_deleted_for_good_is_reported_apart_in_the_same_way() -> None:
    """Own mail was sent unless a copy shows that already; a draft was not."""
    gone = [a_mail(1), a_mail(2, OTHER), a_mail(3, draft=True), a_mail(4, after_s=7200)]
    content = {RECOVERABLE: gone, SENT: [a_mail(5, after_s=-3)]}
    assert sums(content, recoverable_items=True) == (2, 2, 2, 2)


@pytest.mark.parametrize("page", [1, 2, 1000])
@pytest.mark.parametrize("well_known_names", [True, False])
def test_pages_and_names_of_folders_change_nothing(page: int, well_known_names: bool) -> None:
    """The same whatever the server cuts, and where folders have to be asked for by name."""
    content = {
        SENT: [a_mail(1), a_mail(2, after_s=3600), a_mail(3, after_s=7200)],
        INBOX: [a_mail(4, after_s=2), a_mail(5, OTHER)],
        DELETED: [a_mail(6, after_s=3602), a_mail(7, draft=True), a_mail(8, after_s=86_400)],
        OUTBOX_OF_IMAP: [a_mail(9, after_s=7203), a_mail(10, after_s=9000)],
        PROJECT: [a_mail(11, OTHER), a_mail(12, after_s=200_000)],
    }
    assert sums(content, page=page, well_known_names=well_known_names) == (6, 4, 4, 4)


@pytest.mark.parametrize(
    "item_class",
    [
        "IPM.Note.Microsoft.Conversation",
        "IPM.Note.Microsoft.Conversation.Voice",
        "IPM.Note.Microsoft.Missed",
        "ipm.note.microsoft.missed.voice",
    ],
)
def test_history_of_chats_and_calls_is_no_mail(item_class: str) -> None:
    """Whoever only chats has not read a mail."""
    chats = [a_mail(1, OTHER, item_class=item_class), a_mail(2, item_class=item_class)]
    assert sums({PROJECT: chats, SENT: chats}) == (0, 0, 0, 0)


def example(name: str) -> list[list[str]]:
    """The rows of a worked example."""
    _, _, after = DOCUMENT.read_text(encoding="utf-8").partition(f"<!-- example: {name} -->\n")
    lines = after.partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("page", [1, 1000])
def test_each_mail_to_oneself_is_counted_once(page: int) -> None:
    """Two sent, one of which came back under an alias; a scan and a colleague's mail do not count,
    nor does a meeting request, page by page as all at once."""
    content = {
        SENT: [a_mail(1), a_mail(2, after_s=4000)],
        INBOX: [
            a_mail(3, ALIAS, after_s=40),
            a_mail(4, after_s=9000),
            a_mail(5, OTHER, after_s=4000),
            a_mail(6, after_s=4000, item_class="IPM.Schedule.Meeting.Request"),
        ],
        DELETED: [a_mail(7, after_s=50)],
    }
    assert to_self(content, aliases=(ALIAS,), page=page) == 1


@pytest.mark.parametrize("row", example("own mail"), ids=" ".join)
def test_own_mail_counts_as_documented(row: list[str]) -> None:
    """The worked example of docs/metrics.md, read from a mailbox with that one mail."""
    lies_in, sender, draft, has_one, sent, received, to_oneself = row
    mail = a_mail(1, SENDERS[sender], draft=draft == "yes")
    others = [a_mail(2, OTHER)] if lies_in.endswith("others' mail") else []
    content = {LIES_IN[lies_in]: [mail, *others]}
    if has_one == "yes":
        content[SENT] = [a_mail(3, after_s=-20)]
    found = sums(content)
    assert [found[0], found[1] - len(others)] == [int(sent), int(received)]
    assert to_self(content) == int(to_oneself)


def test_example_has_every_folder_and_sender() -> None:
    """So that no row of it is left out by mistake."""
    rows = example("own mail")
    assert {row[0] for row in rows} == set(LIES_IN)
    assert {row[1] for row in rows} == set(SENDERS)


@pytest.mark.parametrize("source_of", [a_source, a_fleet])
def test_aliases_reach_every_process(
    tmp_path: Path, source_of: Callable[..., AbstractContextManager[Any]]
) -> None:
    """What was sent under an alias counts as sent, with one process as with two."""
    people = addresses(6)
    (tmp_path / "sound").mkdir()
    with an_office(tmp_path / "sound", people) as place:
        sound = audited(place, people)
    with (
        an_office(tmp_path, people, {"kind": "sent-mail-deleted", "sender": ALIAS}) as place,
        source_of(place, max_connections=9) as source,
    ):
        aliases = dict.fromkeys(people, (ALIAS,))
        found = {o.mailbox: o for o in all_of(source, Job(people, MAY, aliases=aliases))}
    assert {one: counts(found[one]) for one in people} == {
        one: counts(sound[one]) for one in people
    }
