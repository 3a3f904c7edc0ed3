"""Shapes: which properties of its rows an answer shows, compiled once a request."""

from collections.abc import Sequence
from itertools import chain
from typing import Generic, TypeVar

from mailaudit.demo.content import Folder, Item
from mailaudit.demo.ews.ids import change_key, folder_id, mailbox_part, number_part
from mailaudit.demo.ews.properties import Paths, Property
from mailaudit.demo.ews.schema import (
    Element,
    in_order,
    t,
    text_of,
    violation,
)

Row = TypeVar("Row")
_BASES = ("IdOnly", "Default", "AllProperties")
_SHAPE_SETTINGS = (
    "IncludeMimeContent",
    "BodyType",
    "UniqueBodyType",
    "NormalizedBodyType",
    "FilterHtmlContent",
    "ConvertHtmlCodePageToUTF8",
    "InlineImageUrlTemplate",
    "BlockExternalImages",
    "AddBlankTargetToLinks",
    "MaximumBodySize",
)
_ITEM_ELEMENTS = (
    ("IPM.SCHEDULE.MEETING.REQUEST", "MeetingRequest"),
    ("IPM.SCHEDULE.MEETING.CANCELED", "MeetingCancellation"),
    ("IPM.SCHEDULE.MEETING.RESP.", "MeetingResponse"),
)


class Shape(Generic[Row]):
    """The properties to show, in the order of the schema.

    Args:
        default: Properties the base shape Default adds to the id.
    """

    def __init__(
        self, element: Element, paths: Paths[Row], default: Sequence[Property[Row]]
    ) -> None:
        parts = in_order(
            element,
            t("BaseShape"),
            *(t(name) for name in _SHAPE_SETTINGS),
            t("AdditionalProperties"),
            required=[t("BaseShape")],
        )
        base = text_of(parts["BaseShape"])
        if base not in _BASES:
            raise violation(parts["BaseShape"], f"The value '{base}' is invalid.")
        shown = [] if base == "IdOnly" else list(default)
        for path in parts.get("AdditionalProperties", ()):
            found = paths.find(path)
            if found is not None and found not in shown:
                shown.append(found)
        self._shown = sorted(shown, key=lambda field: field.place)

    def columns(self, rows: Sequence[Row], address: str) -> list[list[str]]:
        """The properties of many rows, a column a property."""
        return [field.column(rows, address) for field in self._shown]


def _element_of(item_class: str) -> str:
    """The element Exchange shows items of a class as."""
    upper = item_class.upper()
    for beginning, element in _ITEM_ELEMENTS:
        if upper.startswith(beginning):
            return element
    return "Message"


class _ElementNames(dict[str, str]):
    def __missing__(self, item_class: str) -> str:
        name = self[item_class] = _element_of(item_class)
        return name


_NAMES = _ElementNames()


def write_items(items: Sequence[Item], address: str, shape: Shape[Item]) -> str:
    """Items as XML, in the order given."""
    before = f'<t:ItemId Id="{mailbox_part(address)}AQBGAAAA'
    names = [_NAMES[item.item_class] for item in items]
    heads = [
        f'<t:{name}>{before}{(part := number_part(item.number))}AAA="'
        f' ChangeKey="CQAAABYAAAC{part}"/>'
        for name, item in zip(names, items, strict=True)
    ]
    tails = [f"</t:{name}>" for name in names]
    columns = [heads, *shape.columns(items, address), tails]
    return "".join(chain.from_iterable(zip(*columns, strict=True)))


def write_folders(folders: Sequence[Folder], address: str, shape: Shape[Folder]) -> str:
    """Folders as XML, in the order given."""
    heads = [
        f'<t:{folder.kind}><t:FolderId Id="{folder_id(address, folder.number)}"'
        f' ChangeKey="{change_key(folder.number)}"/>'
        for folder in folders
    ]
    tails = [f"</t:{folder.kind}>" for folder in folders]
    columns = [heads, *shape.columns(folders, address), tails]
    return "".join(chain.from_iterable(zip(*columns, strict=True)))
