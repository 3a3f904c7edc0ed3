"""Builders of mailboxes, requests and answers for the tests of the demonstration server."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count

from lxml import etree

from mailaudit.demo.content import Item, Mailbox
from mailaudit.demo.ews.exchange import Answer, Exchange
from mailaudit.demo.ews.paging import Limit
from mailaudit.demo.ews.stores import Caller, Stores
from mailaudit.demo.standard import ExtraFolder, folder_tree

NAMESPACES = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
    "e": "http://schemas.microsoft.com/exchange/services/2006/errors",
}
OWNER = "an.nguyen@province.test"
AUDITOR = Caller("DOMAIN\\auditor", None, may_impersonate=True)
ORDINARY = Caller("DOMAIN\\ordinary", None, may_impersonate=False)
_NUMBERS = count(1)


def at(text: str) -> int:
    """Unix time of a UTC time without its Z."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def an_item(
    received: str = "2026-10-05T03:00:00",
    *,
    item_class: str = "IPM.Note",
    is_read: bool = True,
    sender: str = "binh@outside.test",
    verb: int = 0,
    verb_at: str = "",
    sent: str = "",
) -> Item:
    """An item with a number no other has."""
    moment = at(received)
    when = at(verb_at) if verb_at else 0
    sent_at = at(sent) if sent else moment
    return Item(next(_NUMBERS), item_class, moment, sent_at, is_read, sender, verb, when)


def a_mailbox(
    items: Mapping[int, Iterable[Item]] | None = None,
    *,
    address: str = OWNER,
    extra: Sequence[ExtraFolder] = (),
    forwards_to: str = "",
    out_of_office: bool = False,
) -> Mailbox:
    """A mailbox with items by folder number."""
    tree = folder_tree(items or {}, extra)
    return Mailbox(address, "Nguyễn Văn An", tree, forwards_to, out_of_office)


class Mailboxes:
    """A Directory of given mailboxes."""

    def __init__(self, *mailboxes: Mailbox) -> None:
        self._mailboxes = {mailbox.address: mailbox for mailbox in mailboxes}

    @property
    def addresses(self) -> Sequence[str]:
        return tuple(self._mailboxes)

    def name_of(self, address: str) -> str:
        return self._mailboxes[address].name

    def mailbox(self, address: str) -> Mailbox | None:
        return self._mailboxes.get(address)


def an_exchange(
    *mailboxes: Mailbox,
    failing: Mapping[str, str] | None = None,
    limit: Limit | None = None,
    well_known_names: bool = True,
) -> Exchange:
    """An Exchange with given mailboxes."""
    stores = Stores(Mailboxes(*mailboxes), failing or {})
    return Exchange(stores, limit=limit, well_known_names=well_known_names)


def envelope(
    body: str, *, acting_as: str | None = OWNER, kind: str = "PrimarySmtpAddress",
    version: str = "Exchange2016",
) -> bytes:  # fmt: skip
    """A request, impersonating `acting_as` by `kind`."""
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
    impersonation = (
        f"<t:ExchangeImpersonation><t:ConnectingSID><t:{kind}>{acting_as}</t:{kind}>"
        "</t:ConnectingSID></t:ExchangeImpersonation>"
        if acting_as
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope {spaces}><s:Header>'
        f'<t:RequestServerVersion Version="{version}"/>{impersonation}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def paths(names: Iterable[str]) -> str:
    """Field paths: `item:ItemClass`, or `0x5D01:String` for an extended property."""
    texts = []
    for name in names:
        if name.startswith("0x"):
            tag, _, kind = name.partition(":")
            texts.append(f'<t:ExtendedFieldURI PropertyTag="{tag}" PropertyType="{kind}"/>')
        else:
            texts.append(f'<t:FieldURI FieldURI="{name}"/>')
    return "".join(texts)


def folder_ids(names: Iterable[str]) -> str:
    """Ids of folders: well-known names, or elements as they are."""
    return "".join(
        name if name.startswith("<") else f'<t:DistinguishedFolderId Id="{name}"/>'
        for name in names
    )


def shape(element: str, names: Iterable[str], base: str = "IdOnly") -> str:
    additional = paths(names)
    if additional:
        additional = f"<t:AdditionalProperties>{additional}</t:AdditionalProperties>"
    return f"<m:{element}><t:BaseShape>{base}</t:BaseShape>{additional}</m:{element}>"


def find_item(
    *folders: str,
    fields: Iterable[str] = ("item:DateTimeReceived", "message:IsRead"),
    restriction: str = "",
    count: int | None = 1000,
    offset: int = 0,
    base_point: str = "Beginning",
    order: str = "",
    traversal: str = "Shallow",
) -> str:
    """A FindItem; without a view when `count` is None."""
    view = (
        f'<m:IndexedPageItemView MaxEntriesReturned="{count}" Offset="{offset}"'
        f' BasePoint="{base_point}"/>'
        if count is not None
        else ""
    )
    where = f"<m:Restriction>{restriction}</m:Restriction>" if restriction else ""
    return (
        f'<m:FindItem Traversal="{traversal}">{shape("ItemShape", fields)}{view}{where}{order}'
        f"<m:ParentFolderIds>{folder_ids(folders or ('inbox',))}</m:ParentFolderIds></m:FindItem>"
    )


def find_folder(
    *parents: str,
    fields: Iterable[str] = ("folder:DisplayName", "folder:FolderClass"),
    restriction: str = "",
    view: str = "",
    traversal: str = "Deep",
) -> str:
    where = f"<m:Restriction>{restriction}</m:Restriction>" if restriction else ""
    return (
        f'<m:FindFolder Traversal="{traversal}">{shape("FolderShape", fields)}{view}{where}'
        f"<m:ParentFolderIds>{folder_ids(parents or ('msgfolderroot',))}</m:ParentFolderIds>"
        "</m:FindFolder>"
    )


def get_folder(*folders: str, fields: Iterable[str] = ("folder:DisplayName",)) -> str:
    return (
        f"<m:GetFolder>{shape('FolderShape', fields)}"
        f"<m:FolderIds>{folder_ids(folders)}</m:FolderIds></m:GetFolder>"
    )


def comparison(kind: str, path: str, constant: str) -> str:
    return (
        f"<t:{kind}>{paths([path])}<t:FieldURIOrConstant>"
        f'<t:Constant Value="{constant}"/></t:FieldURIOrConstant></t:{kind}>'
    )


def month(path: str = "item:DateTimeReceived") -> str:
    """The restriction to October 2026 at UTC+7."""
    since = comparison("IsGreaterThanOrEqualTo", path, "2026-09-30T17:00:00Z")
    return f"<t:And>{since}{comparison('IsLessThan', path, '2026-10-31T17:00:00Z')}</t:And>"


def texts(answer: Answer, path: str) -> list[str]:
    """The texts, or attributes, that an XPath finds in an answer."""
    found = etree.fromstring(answer.body).xpath(path, namespaces=NAMESPACES)
    assert isinstance(found, list)
    return [str(entry.text) if isinstance(entry, etree._Element) else str(entry) for entry in found]


def codes(answer: Answer) -> list[str]:
    """The response codes of an answer or a fault."""
    return texts(answer, "//m:ResponseCode | //e:ResponseCode")
