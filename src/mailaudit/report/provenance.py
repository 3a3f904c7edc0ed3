"""Where the data come from and what vouches for them, in words."""

from mailaudit.locale import Language
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.report.words import readable


def server_version(source: SourceInfo, language: Language) -> str:
    """What the server said it is; where it said nothing, the schema it was asked in."""
    if source.reported:
        return readable(source.reported)
    return language.gettext("not reported (schema {schema} requested)").format(
        schema=readable(source.version)
    )


def printed_digest(snapshot: Snapshot, language: Language) -> str:
    """The SHA-256 of the data; of an older seal with what it covers."""
    if snapshot.digest_version > 1:
        return snapshot.digest
    note = language.gettext(
        "old seal: covers the period, the staff list and what the mailboxes did only, not the"
        " cut-off date, edition, seal time and source"
    )
    return f"{snapshot.digest} ({note})"
