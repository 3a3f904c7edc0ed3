"""The properties of items and folders: how each is asked for, compared and written."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from mailaudit.demo.content import Folder, Item
from mailaudit.demo.ews.clock import read_time
from mailaudit.demo.ews.columns import (
    Column,
    element_column,
    extended_column,
    parent_ids,
    time_column,
    unread_counts,
)
from mailaudit.demo.ews.schema import Element, ResponseError, attribute, local, violation

Row = TypeVar("Row")
Value = Any  # what a property holds: int, str, bool, or None where a row does not have it

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_TAG_TYPES: dict[str, Callable[[str], Value]] = {
    "String": str,
    "Integer": int,
    "SystemTime": read_time,
}
_EXTENDED_PLACE = 50
_LAST_STORED_TAG = 0x7FFF  # tags above belong to named properties, which have no fixed tag


@dataclass(frozen=True, slots=True)
class Property(Generic[Row]):
    """A property of rows of one kind.

    Attributes:
        place: Where the schema puts it among the others of an element.
        value: Its value in a row; None where a row does not have it.
        parse: A constant of a restriction as a value; raises ValueError.
        column: It as XML, for each row; empty strings where a row does not have it.
        is_arrival: Whether it is the time received, by which folders are kept in order.
        is_searchable: Whether a restriction may name it.
    """

    place: int
    value: Callable[[Row], Value]
    parse: Callable[[str], Value]
    column: Column
    is_arrival: bool = False
    is_searchable: bool = True


def _truth(text: str) -> bool:
    try:
        return _TRUTHS[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


ITEM_FIELDS: dict[str, Property[Item]] = {
    "item:ItemClass": Property(
        10, attrgetter("item_class"), str, element_column("ItemClass", "item_class", str)
    ),
    "item:DateTimeReceived": Property(
        20, attrgetter("received"), read_time, time_column("DateTimeReceived", "received"), True
    ),
    "item:IsDraft": Property(
        25,
        attrgetter("is_draft"),
        _truth,
        element_column("IsDraft", "is_draft", bool),
        is_searchable=False,  # a bit of PidTagMessageFlags
    ),
    "item:DateTimeSent": Property(
        30, lambda item: item.sent or None, read_time, time_column("DateTimeSent", "sent")
    ),
    "message:IsRead": Property(
        60, attrgetter("is_read"), _truth, element_column("IsRead", "is_read", bool)
    ),
}


def _tagged(
    tag: int, kind: str, field: str, *, is_arrival: bool = False
) -> tuple[tuple[int, str], Property[Any]]:
    """An extended property and how it is asked for. Empty text and 0 mean a row has none."""
    get, column = attrgetter(field), extended_column(tag, kind, field)
    found: Property[Any] = Property(
        _EXTENDED_PLACE, lambda row: get(row) or None, _TAG_TYPES[kind], column, is_arrival
    )
    return (tag, kind), found


ITEM_TAGS: dict[tuple[int, str], Property[Item]] = dict(
    (
        _tagged(0x001A, "String", "item_class"),
        _tagged(0x0039, "SystemTime", "sent"),
        _tagged(0x0E06, "SystemTime", "received", is_arrival=True),
        _tagged(0x1081, "Integer", "verb"),
        _tagged(0x1082, "SystemTime", "verb_at"),
        _tagged(0x5D01, "String", "sender"),
        _tagged(0x5D02, "String", "sender"),
    )
)

FOLDER_FIELDS: dict[str, Property[Folder]] = {
    "folder:ParentFolderId": Property(10, lambda folder: None, str, parent_ids),
    "folder:FolderClass": Property(
        20,
        lambda folder: folder.folder_class or None,
        str,
        element_column("FolderClass", "folder_class", str),
    ),
    "folder:DisplayName": Property(
        30, attrgetter("name"), str, element_column("DisplayName", "name", str)
    ),
    "folder:TotalCount": Property(
        40, attrgetter("total"), int, element_column("TotalCount", "total", int)
    ),
    "folder:ChildFolderCount": Property(
        45, attrgetter("children"), int, element_column("ChildFolderCount", "children", int)
    ),
    "folder:DistinguishedFolderId": Property(
        60,
        lambda folder: folder.distinguished or None,
        str,
        element_column("DistinguishedFolderId", "distinguished", str),
    ),
    "folder:UnreadCount": Property(70, attrgetter("unread"), int, unread_counts),
}

FOLDER_TAGS: dict[tuple[int, str], Property[Folder]] = dict(
    (
        _tagged(0x3613, "String", "folder_class"),
        _tagged(0x670A, "SystemTime", "changed_at"),
    )
)


def tag_and_type(path: Element) -> tuple[int, str] | None:
    """What an ExtendedFieldURI names; None for a named property, of which no row has any.

    Raises:
        Fault: It is not as the schema says.
        ResponseError: The tag is in the range of named properties.
    """
    kind = attribute(path, "PropertyType")
    text = path.get("PropertyTag")
    if text is None:
        return None
    try:
        tag = int(text, 16) if text.lower().startswith("0x") else int(text)
    except ValueError:
        raise violation(path, f"The value '{text}' is invalid for a property tag.") from None
    if tag > _LAST_STORED_TAG:
        raise ResponseError(
            "ErrorInvalidExtendedProperty", "The extended property attribute is not valid."
        )
    return tag, kind


class Paths(Generic[Row]):
    """Finds the property a path of a request names, among those rows of one kind have.

    Args:
        prefixes: Beginnings of the field names that make sense for these rows ("item:").
        hidden: Field names to treat as never set.
    """

    def __init__(
        self,
        fields: dict[str, Property[Row]],
        tags: dict[tuple[int, str], Property[Row]],
        prefixes: tuple[str, ...],
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self._fields = {name: field for name, field in fields.items() if name not in hidden}
        self._tags = tags
        self._prefixes = prefixes

    def find(self, path: Element) -> Property[Row] | None:
        """The property, or None when rows of this kind may have it but none here does.

        Raises:
            Fault: The path is not as the schema says.
            ResponseError: Rows of this kind can't have the property.
        """
        kind = local(path)
        if kind == "ExtendedFieldURI":
            named = tag_and_type(path)
            return self._tags.get(named) if named else None
        name = attribute(path, "FieldURI")
        if not name.startswith(self._prefixes):
            raise ResponseError(
                "ErrorInvalidPropertyRequest", "Property is not valid for this object type."
            )
        return self._fields.get(name)


ITEM_PATHS = Paths(ITEM_FIELDS, ITEM_TAGS, ("item:", "message:", "conversation:", "meeting"))
