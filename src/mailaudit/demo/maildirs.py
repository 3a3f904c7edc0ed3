"""Mailboxes of the demonstration as maildirs, which Dovecot serves over IMAP.

Each mail is a file: its name says whether it was read, its time of change when it came.
"""

import base64
import os
import re
from collections.abc import Callable
from pathlib import Path

from mailaudit.demo.content import Folder, Item, Mailbox
from mailaudit.demo.standard import DELETED, DRAFTS, INBOX, JUNK, SENT

_NAMES = {INBOX: "", SENT: ".Sent", DRAFTS: ".Drafts", JUNK: ".Junk", DELETED: ".Trash"}
_REPLIES = (102, 103)
_MAIL, _MAIL_FOLDERS = "ipm.note", ("", "ipf.note")


def write_maildir(mailbox: Mailbox, folder: Path, own: Callable[[Path], None]) -> None:
    """Writes the mail of a mailbox, and every folder that has mail or a use of its own.

    Args:
        folder: The maildir; it must not exist.
        own: Gives a file or folder to the account that Dovecot reads with.
    """
    paths = {mailbox.folders[0].number: ""}
    for one in mailbox.folders:
        name = _NAMES.get(one.number)
        if name is None:
            above = paths.get(one.parent, "") if one.parent in _NAMES or one.parent > JUNK else ""
            name = f"{above}.{encoded(one.name)}"
        paths[one.number] = name
        if one.number in _NAMES or _holds_mail(one):
            _write_folder(one, folder / name if name else folder, own)


def encoded(name: str) -> str:
    """The name of a folder as its maildir has it: modified UTF-7 (RFC 3501 5.1.3).

    A dot would divide it, and is written as another letter.
    """

    def shifted(match: re.Match[str]) -> str:
        text = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
        return "&" + text.rstrip("=").replace("/", ",") + "-"

    plain = name.replace(".", "·").replace("&", "&-")
    return re.sub(r"[^\x20-\x7e]+", shifted, plain)


def _holds_mail(folder: Folder) -> bool:
    return folder.folder_class.lower() in _MAIL_FOLDERS and any(map(_is_mail, folder.items))


def _is_mail(item: Item) -> bool:
    return item.item_class.lower() == _MAIL


def _write_folder(folder: Folder, path: Path, own: Callable[[Path], None]) -> None:
    for part in ("", "cur", "new", "tmp"):
        (path / part).mkdir(parents=True, exist_ok=True)
        own(path / part)
    for item in filter(_is_mail, folder.items):
        flags = "D" * item.is_draft + "R" * (item.verb in _REPLIES) + "S" * item.is_read
        file = path / "cur" / f"{item.received}.M{item.number}.demo:2,{flags}"
        file.write_bytes(b"From: <%b>\r\n\r\n" % item.sender.encode("utf-8"))
        os.utime(file, (item.received, item.received))
        own(file)
