"""The allow-list: the only fields this audit ever asks a mail server for.

Dates, flags, item class and the sender's address (of which only the domain is looked at, and
whether it is the owner's). No subject, body, attachment, recipient name, folder name or header
text.
"""

# PidTagSenderSmtpAddress: distinguishes mail from inside, from outside, and the owner's own.
SENDER_ADDRESS_TAG = "0x5d01"
# PidTagLastVerbExecuted and PidTagLastVerbExecutionTime: whether and when a mail was answered.
LAST_VERB_TAG = "0x1081"
LAST_VERB_TIME_TAG = "0x1082"
# PidTagLocalCommitTimeMax: when the content of a folder last changed (MS-OXCFOLD 2.2.2.2.1.13).
FOLDER_CHANGED_TAG = "0x670a"

REPLY_VERBS = frozenset({"102", "103"})  # reply to sender, reply to all (MS-OXOMSG 2.2.1.34)


def _uri(name: str) -> str:
    return f'<t:FieldURI FieldURI="{name}"/>'


def _tag(tag: str, kind: str) -> str:
    return f'<t:ExtendedFieldURI PropertyTag="{tag}" PropertyType="{kind}"/>'


ITEM_DATE = _uri("item:DateTimeReceived")

ITEM_FIELDS = (
    _uri("item:ItemClass")
    + ITEM_DATE
    + _uri("item:IsDraft")
    + _uri("message:IsRead")
    + _tag(SENDER_ADDRESS_TAG, "String")
    + _tag(LAST_VERB_TAG, "Integer")
    + _tag(LAST_VERB_TIME_TAG, "SystemTime")
)

_FOLDER_FIELDS = (
    _uri("folder:ParentFolderId")
    + _uri("folder:FolderClass")
    + _uri("folder:TotalCount")
    + _tag(FOLDER_CHANGED_TAG, "SystemTime")
)


def folder_fields(*, distinguished: bool) -> str:
    """What is asked of a folder; servers before Exchange 2013 do not know distinguished ids."""
    return _FOLDER_FIELDS + (_uri("folder:DistinguishedFolderId") if distinguished else "")
