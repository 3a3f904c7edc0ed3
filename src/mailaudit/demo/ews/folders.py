"""GetFolder and FindFolder."""

from mailaudit.demo.content import Folder
from mailaudit.demo.ews.envelope import Request, answer, failure, success
from mailaudit.demo.ews.paging import Allowance, read_view
from mailaudit.demo.ews.properties import FOLDER_FIELDS, FOLDER_TAGS, Paths
from mailaudit.demo.ews.restriction import RestrictionReader
from mailaudit.demo.ews.schema import Element, ResponseError, attribute, in_order, m, violation
from mailaudit.demo.ews.shapes import Shape, write_folders
from mailaudit.demo.ews.stores import Stores

_DEFAULT = ("folder:DisplayName", "folder:TotalCount", "folder:ChildFolderCount")
_WELL_KNOWN_SINCE = "Exchange2013"
_TRAVERSALS = ("Shallow", "Deep", "SoftDeleted")


def folder_paths(request: Request, *, well_known_names: bool) -> Paths[Folder]:
    """The folder properties this client can see on this server."""
    shown = well_known_names and request.at_least(_WELL_KNOWN_SINCE)
    hidden = frozenset() if shown else frozenset({"folder:DistinguishedFolderId"})
    return Paths(FOLDER_FIELDS, FOLDER_TAGS, ("folder:",), hidden)


def _shape(element: Element, paths: Paths[Folder]) -> Shape[Folder]:
    return Shape(element, paths, [FOLDER_FIELDS[name] for name in _DEFAULT])


def get_folder(
    request: Request, stores: Stores, acted_as: str | None, *, well_known_names: bool
) -> bytes:
    """The answer to GetFolder: each folder asked for, or why not. Raises Fault."""
    parts = in_order(
        request.element,
        m("FolderShape"),
        m("FolderIds"),
        required=[m("FolderShape"), m("FolderIds")],
    )
    paths = folder_paths(request, well_known_names=well_known_names)
    messages = []
    for wanted in ids_of(parts["FolderIds"]):
        try:
            shape = _shape(parts["FolderShape"], paths)
            mailbox, folder = stores.folder(wanted, acted_as)
            found = write_folders([folder], mailbox.address, shape)
            messages.append(success("GetFolder", f"<m:Folders>{found}</m:Folders>"))
        except ResponseError as error:
            messages.append(failure("GetFolder", error))
    return answer("GetFolder", "".join(messages))


def find_folder(
    request: Request, stores: Stores, acted_as: str | None, *, well_known_names: bool
) -> bytes:
    """The answer to FindFolder: for each parent, its folders in one page. Raises Fault."""
    names = ("FolderShape", "IndexedPageFolderView", "Restriction", "ParentFolderIds")
    parts = in_order(
        request.element,
        *(m(name) for name in names),
        required=[m("FolderShape"), m("ParentFolderIds")],
    )
    traversal = attribute(request.element, "Traversal", _TRAVERSALS)
    paths = folder_paths(request, well_known_names=well_known_names)
    messages = []
    for parent in ids_of(parts["ParentFolderIds"]):
        try:
            messages.append(_found(parts, parent, stores, acted_as, paths, traversal))
        except ResponseError as error:
            messages.append(failure("FindFolder", error))
    return answer("FindFolder", "".join(messages))


def _found(
    parts: dict[str, Element],
    parent: Element,
    stores: Stores,
    acted_as: str | None,
    paths: Paths[Folder],
    traversal: str,
) -> str:
    """The response message about one parent. Raises Fault, ResponseError."""
    shape = _shape(parts["FolderShape"], paths)
    view = read_view(parts.get("IndexedPageFolderView"))
    condition = RestrictionReader(paths, lambda folder: 0).read(parts.get("Restriction"))
    mailbox, top = stores.folder(parent, acted_as)
    found = []
    if traversal != "SoftDeleted":
        test = condition.test or (lambda folder: True)
        found = [f for f in mailbox.beneath(top, deep=traversal == "Deep") if test(f)]
    page = Allowance(len(mailbox.folders)).cut(view, len(found))
    rows = write_folders(found[page.start : page.stop], mailbox.address, shape)
    return success(
        "FindFolder",
        f"<m:RootFolder {page.attributes}><t:Folders>{rows}</t:Folders></m:RootFolder>",
    )


def ids_of(element: Element) -> list[Element]:
    """The ids in a list of ids, of which there must be one at least. Raises Fault."""
    ids = list(element)
    if not ids:
        raise violation(element, "The element has incomplete content.")
    return ids
