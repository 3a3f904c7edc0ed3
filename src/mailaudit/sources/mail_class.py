"""Which classes of items are mail, as Exchange names them."""

from functools import lru_cache

# Answers of rules, and what Skype for Business keeps of chats and of calls.
_NO_MAIL = ("ipm.note.rules.", "ipm.note.microsoft.conversation", "ipm.note.microsoft.missed")


@lru_cache(maxsize=1024)
def is_mail(item_class: str) -> bool:
    """IPM.Note and below, but no automatic replies and no history of chats and calls.

    "IPM.Note" and "IPM.Note.SMIME" are mail; "IPM.Schedule.Meeting.Request",
    "REPORT.IPM.Note.NDR", "IPM.Note.Rules.OofTemplate.Microsoft" and
    "IPM.Note.Microsoft.Conversation" are not. (MS-OXCMSG; the automatic replies' classes:
    MS-OXORULE 2.2.4.)
    """
    name = item_class.casefold()
    return (name == "ipm.note" or name.startswith("ipm.note.")) and not name.startswith(_NO_MAIL)
