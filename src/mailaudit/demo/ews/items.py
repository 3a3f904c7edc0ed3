"""FindItem."""

from bisect import bisect_left
from collections.abc import Sequence

from mailaudit.demo.content import Folder, Item
from mailaudit.demo.ews.envelope import Request, answer, failure, success
from mailaudit.demo.ews.folders import ids_of
from mailaudit.demo.ews.paging import Allowance, Limit, View, read_view
from mailaudit.demo.ews.properties import ITEM_FIELDS, ITEM_PATHS, Property
from mailaudit.demo.ews.restriction import Condition, RestrictionReader, invalid
from mailaudit.demo.ews.schema import (
    Element,
    ResponseError,
    attribute,
    in_order,
    local,
    m,
    t,
    violation,
)
from mailaudit.demo.ews.shapes import Shape, write_items
from mailaudit.demo.ews.stores import Stores

_PARTS = (
    "ItemShape",
    "IndexedPageItemView",
    "FractionalPageItemView",
    "SeekToConditionPageItemView",
    "CalendarView",
    "ContactsView",
    "GroupBy",
    "DistinguishedGroupBy",
    "Restriction",
    "SortOrder",
    "ParentFolderIds",
    "QueryString",
)
_SPOKEN = {"ItemShape", "IndexedPageItemView", "Restriction", "SortOrder", "ParentFolderIds"}
_TRAVERSALS = ("Shallow", "SoftDeleted", "Associated")
_DEFAULT = ("item:ItemClass", "item:DateTimeSent", "message:IsRead")

Order = list[tuple[Property[Item], bool]]  # property, descending


def find_item(request: Request, stores: Stores, acted_as: str | None, limit: Limit) -> bytes:
    """The answer to FindItem: for each parent folder, its items in one page.

    Raises:
        Fault: The request is not as the schema says.
    """
    parts = in_order(
        request.element,
        *(m(name) for name in _PARTS),
        required=[m("ItemShape"), m("ParentFolderIds")],
    )
    traversal = attribute(request.element, "Traversal", _TRAVERSALS)
    parents = ids_of(parts["ParentFolderIds"])
    try:
        query = _Query(parts, traversal)
    except ResponseError as error:
        return answer("FindItem", failure("FindItem", error) * len(parents))
    allowance = Allowance(limit.items)
    messages = []
    for parent in parents:
        try:
            mailbox, folder = stores.folder(parent, acted_as)
            if not limit.over_all_folders:
                allowance = Allowance(limit.items)
            page = query.page(folder, mailbox.address, allowance)
            messages.append(success("FindItem", page))
        except ResponseError as error:
            messages.append(failure("FindItem", error))
    return answer("FindItem", "".join(messages))


class _Query:
    """What one FindItem asks of every folder it names."""

    def __init__(self, parts: dict[str, Element], traversal: str) -> None:
        unspoken = sorted(set(parts) - _SPOKEN)
        if unspoken:
            raise ResponseError(
                "ErrorInvalidOperation", f"This server does not offer {unspoken[0]}."
            )
        default = [ITEM_FIELDS[name] for name in _DEFAULT]
        self._shape = Shape(parts["ItemShape"], ITEM_PATHS, default)
        self._view: View | None = read_view(parts.get("IndexedPageItemView"))
        reader = RestrictionReader(ITEM_PATHS, lambda item: item.received)
        self._condition: Condition[Item] = reader.read(parts.get("Restriction"))
        self._order = _read_order(parts.get("SortOrder"))
        self._nothing = traversal != "Shallow"

    def page(self, folder: Folder, address: str, allowance: Allowance) -> str:
        """The RootFolder element about one folder. Raises ResponseError."""
        found = [] if self._nothing else _select(folder, self._condition)
        found = _sorted(found, self._order)
        page = allowance.cut(self._view, len(found))
        rows = write_items(found[page.start : page.stop], address, self._shape)
        return f"<m:RootFolder {page.attributes}><t:Items>{rows}</t:Items></m:RootFolder>"


def _select(folder: Folder, condition: Condition[Item]) -> Sequence[Item]:
    """The items that satisfy a condition, ascending by time received."""
    start = bisect_left(folder.received, condition.arrived_from)
    stop = bisect_left(folder.received, condition.arrived_before)
    items = folder.items[start:stop]
    return items if condition.test is None else [item for item in items if condition.test(item)]


def _sorted(items: Sequence[Item], order: Order) -> Sequence[Item]:
    """Items in the order asked for; newest first when none was. Ties keep the folder's order."""
    if not order:
        return items[::-1]
    rows = list(items)
    for field, descending in reversed(order):
        value = field.value
        missing = [item for item in rows if value(item) is None]
        rows = [item for item in rows if value(item) is not None]
        rows.sort(key=value, reverse=descending)
        rows = rows + missing if descending else missing + rows
    return rows


def _read_order(element: Element | None) -> Order:
    """The fields of a SortOrder. Raises Fault, ResponseError."""
    order: Order = []
    for entry in element if element is not None else ():
        if entry.tag != t("FieldOrder") or len(entry) != 1:
            raise violation(entry, f"The element '{local(entry)}' has invalid content.")
        descending = attribute(entry, "Order", ("Ascending", "Descending")) == "Descending"
        found = ITEM_PATHS.find(entry[0])
        if found is None:
            raise invalid("The property can not be used for sorting.")
        order.append((found, descending))
    return order
