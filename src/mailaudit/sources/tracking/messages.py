"""What is said of a damaged log, and what to do then."""

from collections.abc import Mapping

from mailaudit.errors import N_
from mailaudit.sources.tracking.damage import Damage, Fault

_COPY_AGAIN = N_("Copy the file from its server again, once the server no longer writes to it.")
_UNPACK = N_("Copy the file again, as it is or packed as .gz or as .zip without a password.")
_AS_IT_IS = N_(
    "Copy the files of the folder TransportRoles\\Logs\\MessageTracking as they are, instead of"
    " exporting them."
)

_SAID: Mapping[Fault, tuple[str, str]] = {
    Fault.CUT: (N_("{file} is cut short."), _COPY_AGAIN),
    Fault.FIELDS: (
        N_("{file}, line {line}: {found} fields instead of the {expected} that its head names."),
        _COPY_AGAIN,
    ),
    Fault.QUOTES: (
        N_("{file}: a quotation mark that opens in line {line} is not closed."),
        _COPY_AGAIN,
    ),
    Fault.LONG: (N_("{file} has a line of more than 1 MB."), _COPY_AGAIN),
    Fault.NO_HEAD: (N_("{file}, line {line}: the line #Fields is missing before it."), _COPY_AGAIN),
    Fault.NO_LOG: (N_("{file} is no message tracking log ({detail})."), _AS_IT_IS),
    Fault.EXPORT: (
        N_(
            "{file} was exported with Export-Csv: recipients can be missing there, and times be"
            " local."
        ),
        _AS_IT_IS,
    ),
    Fault.COLUMNS: (N_("{file}, line {line}: the log has no column {detail}."), _AS_IT_IS),
    Fault.TIME: (N_("{file} has times that are not UTC, as Exchange writes them."), _AS_IT_IS),
    Fault.UNREADABLE: (
        N_("{file} can't be read: {detail}."),
        N_("Give the account that runs mailaudit the right to read it, or copy it again."),
    ),
    Fault.CHANGED: (N_("{file} was still being written while it was read."), _COPY_AGAIN),
    Fault.OTHER_NAME: (
        N_("{file} is a message tracking log whose name does not say which hours it is of."),
        N_("Give the file the name that Exchange gave it, such as MSGTRKMD2026050417-1.LOG."),
    ),
    Fault.OTHER_HOURS: (
        N_("{file} has rows of other hours than its name says."),
        N_("Give the file the name that Exchange gave it, such as MSGTRKMD2026050417-1.LOG."),
    ),
    Fault.OTHER_SERVER: (
        N_("{file} is the same log as {detail}, which is another server's."),
        N_("Copy each server's logs into its own folder."),
    ),
    Fault.ENCRYPTED: (N_("{file} is packed in a way that can't be unpacked."), _UNPACK),
}


def said_of(damage: Damage) -> tuple[str, str]:
    """A message and its remedy, message ids with the fields that `values_of` fills."""
    return _SAID[damage.fault]


def values_of(damage: Damage, place: str) -> dict[str, object]:
    """The fields of a message.

    Args:
        place: Where the log is.
    """
    return {
        "file": place,
        "line": damage.line,
        "found": damage.found,
        "expected": damage.expected,
        "detail": damage.detail,
    }
