"""Which folders of a mailbox are counted, and as what: by SPECIAL-USE (RFC 6154), and by names.

The names of folders are looked at for nothing else, and kept nowhere.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode
from imapclient.response_parser import parse_response

from mailaudit.sources.imap.faults import malformed
from mailaudit.sources.imap.wire import Line

MAX_FOLDERS = 5000
_SENT, _NOT_RECEIVED = "sent", "not received"
_BY_USE = {
    b"\\SENT": _SENT,
    b"\\DRAFTS": _NOT_RECEIVED,
    b"\\JUNK": _NOT_RECEIVED,
    # Views that hold mail of other folders once more.
    b"\\ALL": _NOT_RECEIVED,
    b"\\FLAGGED": _NOT_RECEIVED,
    b"\\IMPORTANT": _NOT_RECEIVED,
}
# What programs make beside the marked ones, in both languages; casefolded.
_BY_NAME = {
    name: use
    for use, names in (
        (
            _SENT,
            "sent|sent items|sent mail|sent messages|sent-mail|đã gửi|thư đã gửi|mục đã gửi|"
            "tin đã gửi|thư đã gởi|hộp thư đã gửi",
        ),
        (
            _NOT_RECEIVED,
            "drafts|draft|bản nháp|thư nháp|nháp|junk|junk mail|junk email|junk e-mail|spam|"
            "bulk mail|thư rác|email rác|thư spam|outbox|hộp thư đi",
        ),
    )
    for name in names.split("|")
}
_NOT_THERE = {b"\\NOSELECT", b"\\NONEXISTENT"}


class Folder(NamedTuple):
    """A folder as LIST shows it.

    Attributes:
        name: In the server's own form (modified UTF-7), as it is asked for.
        path: Its parts, decoded.
        uses: Attributes, upper case.
    """

    name: bytes
    path: tuple[str, ...]
    uses: frozenset[bytes]


class Counted(NamedTuple):
    """The folders that are asked for, by name."""

    sent: Sequence[bytes]
    others: Sequence[bytes]


def read_folder(line: Line) -> Folder:
    """A folder from an untagged LIST. Raises MailboxFault."""
    return _read_folder(line) if isinstance(line, bytes) else _folder(line)


@lru_cache(maxsize=4096)  # nearly all mailboxes of a server have folders of the same names
def _read_folder(line: bytes) -> Folder:
    return _folder([line])


def _folder(parts: list[bytes | tuple[bytes, bytes]]) -> Folder:
    found = _parsed(parts)
    if len(found) < 4:
        raise malformed("unreadable folder")
    _, uses, delimiter, name = found[:4]
    if not isinstance(uses, tuple) or not isinstance(delimiter, bytes | None):
        raise malformed("unreadable folder")
    if not isinstance(name, bytes | int | None):
        raise malformed("unreadable folder")
    # A name of digits alone, and one that is called NIL, are read as what they look like.
    raw = b"NIL" if name is None else name if isinstance(name, bytes) else b"%d" % name
    if set(raw) & {0, 10, 13}:  # would end the command that asks for it
        raise malformed("unreadable folder")
    return Folder(raw, _path(raw, delimiter or b""), frozenset(map(_upper, uses)))


def read_prefixes(line: bytes) -> tuple[bytes, ...]:
    """From an untagged NAMESPACE: how the names of folders begin that are not the owner's own."""
    _, *namespaces = _parsed([line])
    found = []
    for several in namespaces[1:3]:
        for one in several if isinstance(several, tuple) else ():
            prefix = one[0] if isinstance(one, tuple) and one else b""
            if isinstance(prefix, bytes) and prefix:
                found.append(prefix)
    return tuple(found)


def counted(folders: Iterable[Folder], foreign: Sequence[bytes] = ()) -> Counted:
    """What is sent mail, and what is received; what is neither is left out.

    A folder below another is what that one is. Views, what other people share, and folders that
    LIST does not show as existing are not asked for: to open those may create them.
    """
    known = [
        folder
        for folder in folders
        if not any(folder.name.startswith(one) for one in foreign) and folder.path
    ]
    uses = {folder.path: use for folder in known if (use := _use(folder))}
    sent, others = [], []
    for folder in dict.fromkeys(known):
        if folder.uses & _NOT_THERE:
            continue
        above = (folder.path[:length] for length in range(len(folder.path), 0, -1))
        use = next((uses[path] for path in above if path in uses), "")
        if use == _SENT:
            sent.append(folder.name)
        elif not use:
            others.append(folder.name)
    return Counted(sent, others)


def quoted(name: bytes) -> bytes:
    """A folder's name as an argument of a command."""
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _use(folder: Folder) -> str:
    for use, meaning in _BY_USE.items():
        if use in folder.uses:
            return meaning
    # At the top, or where a server has everything below the Inbox.
    path = folder.path[1:] if len(folder.path) > 1 and folder.path[0] == "inbox" else folder.path
    return _BY_NAME.get(path[0], "") if len(path) == 1 else ""


def _path(name: bytes, delimiter: bytes) -> tuple[str, ...]:
    """Casefolded and composed, so that names compare as people read them."""
    try:
        text = decode(name)
    except (ValueError, LookupError):
        text = name.decode("latin-1")
    text = normalize("NFC", text).casefold()
    parts = text.split(delimiter.decode("latin-1")) if delimiter else [text]
    return tuple(part for part in parts if part)


def _upper(use: object) -> bytes:
    return use.upper() if isinstance(use, bytes) else b""


def _parsed(parts: list[bytes | tuple[bytes, bytes]]) -> tuple[object, ...]:
    """As IMAPClient reads an answer. Raises MailboxFault."""
    try:
        return tuple(parse_response(parts))
    except (ProtocolError, ValueError, TypeError, RecursionError) as error:
        raise malformed("unreadable answer") from error
