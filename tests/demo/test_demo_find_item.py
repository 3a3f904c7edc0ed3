"""FindItem: restrictions, sort order, paging and caps, against known mail."""

import pytest
from demo_builders import (
    AUDITOR,
    NAMESPACES,
    OWNER,
    a_mailbox,
    an_exchange,
    an_item,
    codes,
    comparison,
    envelope,
    find_item,
    month,
    paths,
    texts,
)
from lxml import etree

from mailaudit.demo.content import Item
from mailaudit.demo.ews.exchange import Answer
from mailaudit.demo.ews.paging import Limit
from mailaudit.demo.standard import DELETED, INBOX, SENT

RECEIVED = "item:DateTimeReceived"
_BORDERS = [
    an_item("2026-09-30T16:59:59"),
    an_item("2026-09-30T17:00:00"),
    an_item("2026-10-15T00:00:00"),
    an_item("2026-10-31T16:59:59"),
    an_item("2026-10-31T17:00:00"),
]
_VARIED = [
    an_item("2026-10-01T00:00:00", is_read=False, sender="an@inside.test"),
    an_item("2026-10-02T00:00:00", item_class="IPM.Note.SMIME", sender="binh@inside.test"),
    an_item("2026-10-03T00:00:00", item_class="REPORT.IPM.Note.NDR"),
    an_item("2026-10-04T00:00:00", verb=102, verb_at="2026-10-05T00:00:00"),
    an_item("2026-10-05T00:00:00", item_class="IPM.Schedule.Meeting.Request", is_read=False),
]


def _ask(items: list[Item], **options: object) -> Answer:
    exchange = an_exchange(a_mailbox({INBOX: items}))
    request = find_item("inbox", fields=[RECEIVED], **options)  # type: ignore[arg-type]
    return exchange.answer(envelope(request), AUDITOR)


def _days(items: list[Item], restriction: str) -> list[str]:
    """The days of October 2026 whose items satisfy a restriction, ascending."""
    answer = _ask(items, restriction=restriction)
    assert codes(answer) == ["NoError"]
    return sorted(time[8:10] for time in texts(answer, "//t:DateTimeReceived"))


def test_month_restriction_is_half_open_to_the_second() -> None:
    """A month's first second is in, its last second is in, the next month's first is out."""
    found = texts(_ask(_BORDERS, restriction=month()), "//t:DateTimeReceived")
    assert found == ["2026-10-31T16:59:59Z", "2026-10-15T00:00:00Z", "2026-09-30T17:00:00Z"]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("IsGreaterThan", 3),
        ("IsGreaterThanOrEqualTo", 4),
        ("IsLessThan", 1),
        ("IsLessThanOrEqualTo", 2),
        ("IsEqualTo", 1),
        ("IsNotEqualTo", 4),
    ],
)
@pytest.mark.parametrize("path", [RECEIVED, "item:DateTimeSent", "0x0E06:SystemTime"])
def test_comparison_with_a_time_is_exact_at_the_border(kind: str, count: int, path: str) -> None:
    """Each comparison decides about the very second it names, by whichever property."""
    restriction = comparison(kind, path, "2026-09-30T17:00:00Z")
    assert texts(_ask(_BORDERS, restriction=restriction), "//@TotalItemsInView") == [str(count)]


@pytest.mark.parametrize(
    ("constant", "count"),
    [("2026-10-01T00:00:00+07:00", 4), ("2026-09-30T17:00:00.5Z", 3), ("2026-09-30T17:00:00", 4)],
)
def test_times_of_constants_are_instants(constant: str, count: int) -> None:
    """An offset is honoured, a fraction counts, no offset means UTC."""
    restriction = comparison("IsGreaterThanOrEqualTo", RECEIVED, constant)
    assert texts(_ask(_BORDERS, restriction=restriction), "//@TotalItemsInView") == [str(count)]


def _contains(mode: str, path: str, value: str, comparing: str = "IgnoreCase") -> str:
    return (
        f'<t:Contains ContainmentMode="{mode}" ContainmentComparison="{comparing}">{paths([path])}'
        f'<t:Constant Value="{value}"/></t:Contains>'
    )


@pytest.mark.parametrize(
    ("restriction", "days"),
    [
        (comparison("IsEqualTo", "message:IsRead", "false"), "01 05"),
        (comparison("IsEqualTo", "message:IsRead", "1"), "02 03 04"),
        (comparison("IsEqualTo", "item:ItemClass", "IPM.Note"), "01 04"),
        (_contains("Prefixed", "item:ItemClass", "ipm.note"), "01 02 04"),
        (_contains("Prefixed", "item:ItemClass", "ipm.note", "Exact"), ""),
        (_contains("Substring", "item:ItemClass", "IPM.Note"), "01 02 03 04"),
        (_contains("FullString", "item:ItemClass", "IPM.Note"), "01 04"),
        (_contains("Substring", "0x5D01:String", "@inside.test"), "01 02"),
        (f"<t:Exists>{paths(['0x1081:Integer'])}</t:Exists>", "04"),
        (f"<t:Not><t:Exists>{paths(['0x1081:Integer'])}</t:Exists></t:Not>", "01 02 03 05"),
        (comparison("IsEqualTo", "0x1081:Integer", "102"), "04"),
        (comparison("IsNotEqualTo", "0x1081:Integer", "103"), "04"),
        (comparison("IsLessThan", "0x1082:SystemTime", "2026-10-05T00:00:01Z"), "04"),
        (f"<t:Exists>{paths(['0x7777:String'])}</t:Exists>", ""),
        (
            "<t:Or>"
            + comparison("IsLessThan", RECEIVED, "2026-10-02T00:00:00Z")
            + comparison("IsGreaterThanOrEqualTo", RECEIVED, "2026-10-05T00:00:00Z")
            + "</t:Or>",
            "01 05",
        ),
        (
            "<t:And>"
            + comparison("IsGreaterThan", RECEIVED, "2026-10-01T00:00:00Z")
            + f"<t:Not>{comparison('IsLessThan', RECEIVED, '2026-10-03T00:00:00Z')}</t:Not>"
            + comparison("IsEqualTo", "message:IsRead", "true")
            + "</t:And>",
            "03 04",
        ),
        (
            f"<t:IsLessThan>{paths([RECEIVED])}<t:FieldURIOrConstant>"
            + paths(["0x1082:SystemTime"])
            + "</t:FieldURIOrConstant></t:IsLessThan>",
            "04",
        ),
    ],
)
def test_restriction_finds(restriction: str, days: str) -> None:
    """Every kind of search expression finds the items it describes and no other."""
    assert _days(_VARIED, restriction) == days.split()


@pytest.mark.parametrize(
    "restriction",
    [
        comparison("IsEqualTo", "item:IsDraft", "true"),
        comparison("IsGreaterThan", RECEIVED, "yesterday"),
        comparison("IsGreaterThan", RECEIVED, "2026-10-01"),
        comparison("IsEqualTo", "message:IsRead", "maybe"),
        comparison("IsEqualTo", "0x1081:Integer", "many"),
    ],
)
def test_unusable_restriction_is_an_error_for_every_folder(restriction: str) -> None:
    """A property not held and a constant of the wrong type are errors, once a folder asked for."""
    request = find_item("inbox", "sentitems", restriction=restriction)
    answer = an_exchange(a_mailbox()).answer(envelope(request), AUDITOR)
    assert codes(answer) == ["ErrorInvalidRestriction"] * 2


def test_folder_property_of_items_is_an_error() -> None:
    """A property of folders is not one of items."""
    answer = _ask(_VARIED, restriction=comparison("IsEqualTo", "folder:DisplayName", "x"))
    assert codes(answer) == ["ErrorInvalidPropertyRequest"]


def test_pages_hold_every_item_once() -> None:
    """Following the offsets of the answers yields all items, each once, newest first."""
    items = [an_item(f"2026-10-{day:02d}T01:00:00") for day in range(1, 24)]
    seen: list[str] = []
    offset, last = 0, "false"
    for _ in range(3):
        assert last == "false"
        answer = _ask(items, count=10, offset=offset)
        seen += texts(answer, "//t:DateTimeReceived")
        assert texts(answer, "//@TotalItemsInView") == ["23"]
        [offset_text], [last] = (
            texts(answer, f"//@{name}")
            for name in ("IndexedPagingOffset", "IncludesLastItemInRange")
        )
        offset = int(offset_text)
        assert offset == len(seen)
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 23
    assert last == "true"


def test_page_from_the_end_holds_the_last_items() -> None:
    """An offset from the end counts backwards."""
    items = [an_item(f"2026-10-{day:02d}T01:00:00") for day in range(1, 10)]
    answer = _ask(items, count=2, offset=1, base_point="End")
    assert [time[8:10] for time in texts(answer, "//t:DateTimeReceived")] == ["03", "02"]
    assert texts(answer, "//@IncludesLastItemInRange") == ["false"]


def test_page_beyond_the_end_is_empty() -> None:
    """An offset behind the last item gives nothing, and says that was all."""
    answer = _ask([an_item()], offset=7)
    assert texts(answer, "//t:ItemId/@Id") == []
    assert texts(answer, "//@IncludesLastItemInRange") == ["true"]


def _capped(limit: Limit, count: int | None = 1000) -> Answer:
    items = {
        folder: [an_item(f"2026-10-{day:02d}T01:00:00") for day in range(1, 9)]
        for folder in (INBOX, SENT, DELETED)
    }
    request = find_item("inbox", "sentitems", "deleteditems", count=count)
    return an_exchange(a_mailbox(items), limit=limit).answer(envelope(request), AUDITOR)


def _page_sizes(answer: Answer) -> list[int]:
    return [len(texts(answer, f"(//m:RootFolder)[{n}]//t:ItemId/@Id")) for n in (1, 2, 3)]


def test_cap_counts_over_all_folders_of_a_call() -> None:
    """What earlier folders take is missing to later ones, whose answers say they are not whole."""
    answer = _capped(Limit(items=10))
    assert _page_sizes(answer) == [8, 2, 0]
    assert texts(answer, "//@TotalItemsInView") == ["8", "8", "8"]
    assert texts(answer, "//@IncludesLastItemInRange") == ["true", "false", "false"]
    assert texts(answer, "//@IndexedPagingOffset") == ["8", "2", "0"]


def test_cap_may_count_each_folder_by_itself() -> None:
    """With the other kind of cap, every folder gets its share."""
    assert _page_sizes(_capped(Limit(items=5, over_all_folders=False))) == [5, 5, 5]


def test_default_cap_is_a_thousand() -> None:
    """A client asking for more than 1000 items of a call gets 1000."""
    items = [an_item(f"2026-10-{1 + n % 28:02d}T01:00:00") for n in range(1003)]
    answer = _ask(items, count=5000)
    assert len(texts(answer, "//t:ItemId/@Id")) == 1000
    assert texts(answer, "//@IncludesLastItemInRange") == ["false"]


def test_call_without_view_over_the_cap_is_an_error() -> None:
    """Without paging, what exceeds the cap is refused, not cut."""
    answer = _capped(Limit(items=10), count=None)
    assert codes(answer) == [
        "NoError",
        "ErrorExceededFindCountLimit",
        "ErrorExceededFindCountLimit",
    ]


@pytest.mark.parametrize(
    ("count", "offset", "code"),
    [(0, 0, "ErrorInvalidPagingMaxRows"), (5, -1, "ErrorInvalidIndexedPagingParameters")],
)
def test_senseless_view_is_an_error(count: int, offset: int, code: str) -> None:
    """No rows at all, or a negative offset, is refused."""
    assert codes(_ask([an_item()], count=count, offset=offset)) == [code]


def _order(direction: str, path: str) -> str:
    return (
        f'<m:SortOrder><t:FieldOrder Order="{direction}">{paths([path])}</t:FieldOrder>'
        "</m:SortOrder>"
    )


@pytest.mark.parametrize(
    ("order", "days"),
    [
        ("", "05 04 03 02 01"),
        (_order("Ascending", RECEIVED), "01 02 03 04 05"),
        (_order("Descending", RECEIVED), "05 04 03 02 01"),
        (_order("Ascending", "item:ItemClass"), "01 04 02 05 03"),
        (_order("Descending", "message:IsRead"), "02 03 04 01 05"),
        (_order("Ascending", "0x1081:Integer"), "01 02 03 05 04"),
        (_order("Descending", "0x1081:Integer"), "04 01 02 03 05"),
    ],
)
def test_sort_order_is_kept(order: str, days: str) -> None:
    """Items come in the order asked for, equal ones in the order they arrived."""
    found = texts(_ask(_VARIED, order=order), "//t:DateTimeReceived")
    assert [time[8:10] for time in found] == days.split()


def test_properties_asked_for_are_given_and_no_other() -> None:
    """An answer holds the id and what was asked for; a property an item lacks is left out."""
    fields = ("message:IsRead", "0x1081:Integer", "0x5D01:String", "item:Subject")
    answer = an_exchange(a_mailbox({INBOX: [_VARIED[0], _VARIED[3]]})).answer(
        envelope(find_item("inbox", fields=fields)), AUDITOR
    )
    names = [name.rpartition("}")[2] for name in _tags(answer, "//t:Message/*")]
    assert names == [
        *("ItemId", "ExtendedProperty", "ExtendedProperty", "IsRead"),
        *("ItemId", "ExtendedProperty", "IsRead"),
    ]
    assert texts(answer, "//t:Value") == ["102", "binh@outside.test", "an@inside.test"]


def _tags(answer: Answer, path: str) -> list[str]:
    found = etree.fromstring(answer.body).xpath(path, namespaces=NAMESPACES)
    assert isinstance(found, list)
    return [entry.tag for entry in found if isinstance(entry, etree._Element)]


def test_item_classes_have_their_elements() -> None:
    """Meeting messages come as elements of their own, everything else as Message."""
    answer = _ask(_VARIED)
    names = [name.rpartition("}")[2] for name in _tags(answer, "//t:Items/*")]
    assert names == ["MeetingRequest", "Message", "Message", "Message", "Message"]


def test_ids_are_stable_and_unique() -> None:
    """The same item has the same id in every answer, and no two items share one."""
    first, second = (texts(_ask(_VARIED), "//t:ItemId/@Id") for _ in range(2))
    assert first == second
    assert len(set(first)) == len(_VARIED)


def test_associated_traversal_finds_no_mail() -> None:
    """Associated items are not mail."""
    assert texts(_ask(_VARIED, traversal="Associated"), "//t:ItemId/@Id") == []


def test_draft_has_no_sent_time() -> None:
    """What was never sent has no DateTimeSent."""
    draft = an_item()._replace(sent=0)
    exchange = an_exchange(a_mailbox({INBOX: [draft]}))
    fields = ("item:DateTimeReceived", "item:DateTimeSent")
    answer = exchange.answer(envelope(find_item("inbox", fields=fields)), AUDITOR)
    assert texts(answer, "//t:DateTimeSent") == []
    assert len(texts(answer, "//t:DateTimeReceived")) == 1


def test_sender_is_escaped() -> None:
    """Text from mail can't become markup."""
    exchange = an_exchange(a_mailbox({INBOX: [an_item(sender="<x>&\"'@a.test")]}))
    request = envelope(find_item("inbox", fields=["0x5D01:String"]), acting_as=OWNER)
    assert texts(exchange.answer(request, AUDITOR), "//t:Value") == ["<x>&\"'@a.test"]
