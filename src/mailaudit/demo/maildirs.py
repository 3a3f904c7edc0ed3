"""Mailboxes of the demonstration as maildirs, which Dovecot serves over IMAP.

A mail is a file without content: its name says whether it was read, its time of change when it
came, and nobody may ask for more.
"""

import base64
import os
import re
from collections.abc import Callable
from pathlib import Path

from mailaudit.demo.content import Folder, Item, Mailbox
from mailaudit.demo.standard import DELETED, DRAFTS, INBOX, JUNK, MESSAGE_ROOT, SENT

_NAMES = {INBOX: "", SENT: ".Sent", DRAFTS: ".Drafts", JUNK: ".Junk", DELETED: ".Trash"}
_REPLIES = (102, 103)
_MAIL, _MAIL_FOLDERS = "ipm.note", ("", "ipf.note")


def write_maildir(
    mailbox: Mailbox,
    path: Path,
    own: Callable[[Path], None],
    is_served: Callable[[Item], bool] = lambda _item: True,
) -> None:
    """Writes the mail of a mailbox: the usual folders, and the owner's own that hold some.

    Args:
        path: Of the maildir; it must not exist.
        own: Gives a file or folder to the account that Dovecot reads with.
        is_served: Which mails are written.
    """
    names: dict[int, str] = {MESSAGE_ROOT: ""}
    for folder in mailbox.folders:
        above = names.get(folder.parent)
        if above is None:
            continue  # not one of those that people see
        names[folder.number] = _NAMES.get(folder.number, f"{above}.{encoded(folder.name)}")
        mails = [item for item in folder.items if _is_mail(item) and is_served(item)]
        if folder.number in _NAMES or (mails and _holds_mail(folder)):
            _write_folder(mails, path / names[folder.number], own)


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
    return folder.kind == "Folder" and folder.folder_class.lower() in _MAIL_FOLDERS


def _is_mail(item: Item) -> bool:
    return item.item_class.lower() == _MAIL


def _write_folder(mails: list[Item], path: Path, own: Callable[[Path], None]) -> None:
    for part in ("", "cur", "new", "tmp"):
        (path / part).mkdir(parents=True, exist_ok=True)
        own(path / part)
    for item in mails:
        flags = "D" * item.is_draft + "R" * (item.verb in _REPLIES) + "S" * item.is_read
        file = path / "cur" / f"{item.received}.M{item.number}.demo:2,{flags}"
        file.touch()
        os.utime(file, (item.received, item.received))
        own(file)
