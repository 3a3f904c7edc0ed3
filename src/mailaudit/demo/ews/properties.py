"""The properties of items and folders: how each is asked for, compared and written.

A property written is a column: one string for each of many rows at once, which is what makes
long answers cheap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from xml.sax.saxutils import escape

from mailaudit.demo.content import Folder, Item
from mailaudit.demo.ews.clock import read_time, write_time
from mailaudit.demo.ews.ids import change_key, folder_id
from mailaudit.demo.ews.schema import Element, ResponseError, attribute, local

Row = TypeVar("Row")
Value = Any  # what a property holds: int, str, bool, or None where a row does not have it

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
PROPERTY_TYPES: dict[str, Callable[[str], Value]] = {
    "String": str,
    "Integer": int,
    "SystemTime": read_time,
}
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "String": escape,
    "Integer": str,
    "SystemTime": write_time,
}
_LAST_STORED_TAG = 0x7FFF  # tags above belong to named properties, which have no fixed tag


@dataclass(frozen=True, slots=True)
class Property(Generic[Row]):
    """A property of rows of one kind.

    Attributes:
        place: Where the schema puts it among the others of an element.
        value: Its value in a row.
        parse: A constant of a restriction as a value; raises ValueError.
        column: It as XML, for each row; empty strings where a row does not have it.
        is_arrival: Whether it is the time received, by which folders are kept in order.
    """

    place: int
    value: Callable[[Row], Value]
    parse: Callable[[str], Value]
    column: Callable[[Sequence[Row], str], list[str]]
    is_arrival: bool = False


def _truth(text: str) -> bool:
    try:
        return _TRUTHS[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


def _times(name: str, value: Callable[[Any], int]) -> Callable[[Sequence[Any], str], list[str]]:
    def column(rows: Sequence[Any], address: str) -> list[str]:
        return [
            f"<t:{name}>{write_time(v)}</t:{name}>" if (v := value(row)) else "" for row in rows
        ]

    return column


def _texts(name: str, value: Callable[[Any], str]) -> Callable[[Sequence[Any], str], list[str]]:
    def column(rows: Sequence[Any], address: str) -> list[str]:
        return [f"<t:{name}>{escape(v)}</t:{name}>" if (v := value(row)) else "" for row in rows]

    return column


def _numbers(name: str, value: Callable[[Any], int]) -> Callable[[Sequence[Any], str], list[str]]:
    def column(rows: Sequence[Any], address: str) -> list[str]:
        return [f"<t:{name}>{value(row)}</t:{name}>" for row in rows]

    return column


def _is_read(items: Sequence[Item], address: str) -> list[str]:
    yes, no = "<t:IsRead>true</t:IsRead>", "<t:IsRead>false</t:IsRead>"
    return [yes if item.is_read else no for item in items]


def _extended(
    tag: int, kind: str, value: Callable[[Any], Value], write: Callable[[Any], str]
) -> Callable[[Sequence[Any], str], list[str]]:
    before = (
        f'<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="{tag:#x}" PropertyType="{kind}"/>'
        "<t:Value>"
    )
    after = "</t:Value></t:ExtendedProperty>"

    def column(rows: Sequence[Any], address: str) -> list[str]:
        return [f"{before}{write(v)}{after}" if (v := value(row)) else "" for row in rows]

    return column


def _parent_ids(folders: Sequence[Folder], address: str) -> list[str]:
    return [
        f'<t:ParentFolderId Id="{folder_id(address, folder.parent)}"'
        f' ChangeKey="{change_key(folder.parent)}"/>'
        for folder in folders
    ]


def _unread(folders: Sequence[Folder], address: str) -> list[str]:
    """UnreadCount, which the schema gives to folders of mail and tasks, not to the others."""
    return [
        f"<t:UnreadCount>{folder.unread}</t:UnreadCount>"
        if folder.kind in ("Folder", "SearchFolder", "TasksFolder")
        else ""
        for folder in folders
    ]


_EXTENDED_PLACE = 50

ITEM_FIELDS: dict[str, Property[Item]] = {
    "item:ItemClass": Property(
        10, lambda i: i.item_class, str, _texts("ItemClass", lambda i: i.item_class)
    ),
    "item:DateTimeReceived": Property(
        20,
        lambda i: i.received,
        read_time,
        _times("DateTimeReceived", lambda i: i.received),
        is_arrival=True,
    ),
    "item:DateTimeSent": Property(
        30, lambda i: i.sent or None, read_time, _times("DateTimeSent", lambda i: i.sent)
    ),
    "message:IsRead": Property(60, lambda i: i.is_read, _truth, _is_read),
}


def _tagged(
    tag: int, kind: str, value: Callable[[Any], Value], *, is_arrival: bool = False
) -> tuple[tuple[int, str], Property[Any]]:
    """An extended property and how it is asked for. Empty text and 0 mean a row has none."""
    column = _extended(tag, kind, value, _WRITTEN[kind])
    read = PROPERTY_TYPES[kind]
    found = Property(_EXTENDED_PLACE, lambda row: value(row) or None, read, column, is_arrival)
    return (tag, kind), found


ITEM_TAGS: dict[tuple[int, str], Property[Item]] = dict(
    (
        _tagged(0x001A, "String", lambda i: i.item_class),
        _tagged(0x0039, "SystemTime", lambda i: i.sent),
        _tagged(0x0E06, "SystemTime", lambda i: i.received, is_arrival=True),
        _tagged(0x1081, "Integer", lambda i: i.verb),
        _tagged(0x1082, "SystemTime", lambda i: i.verb_at),
        _tagged(0x5D01, "String", lambda i: i.sender),
        _tagged(0x5D02, "String", lambda i: i.sender),
    )
)

FOLDER_FIELDS: dict[str, Property[Folder]] = {
    "folder:ParentFolderId": Property(10, lambda f: None, str, _parent_ids),
    "folder:FolderClass": Property(
        20, lambda f: f.folder_class or None, str, _texts("FolderClass", lambda f: f.folder_class)
    ),
    "folder:DisplayName": Property(
        30, lambda f: f.name, str, _texts("DisplayName", lambda f: f.name)
    ),
    "folder:TotalCount": Property(
        40, lambda f: len(f.items), int, _numbers("TotalCount", lambda f: len(f.items))
    ),
    "folder:ChildFolderCount": Property(
        45, lambda f: f.children, int, _numbers("ChildFolderCount", lambda f: f.children)
    ),
    "folder:DistinguishedFolderId": Property(
        60,
        lambda f: f.distinguished or None,
        str,
        _texts("DistinguishedFolderId", lambda f: f.distinguished),
    ),
    "folder:UnreadCount": Property(70, lambda f: f.unread, int, _unread),
}

FOLDER_TAGS: dict[tuple[int, str], Property[Folder]] = dict(
    (
        _tagged(0x3613, "String", lambda f: f.folder_class),
        _tagged(0x670A, "SystemTime", lambda f: f.changed_at),
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
    tag = int(text, 16) if text.lower().startswith("0x") else int(text)
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
FOLDER_PATHS = Paths(FOLDER_FIELDS, FOLDER_TAGS, ("folder:",))
