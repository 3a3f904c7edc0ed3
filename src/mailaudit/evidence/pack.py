"""What is in a pack, and what it says of itself."""

from collections.abc import Mapping

from mailaudit.errors import N_
from mailaudit.evidence import circumstances as of
from mailaudit.evidence.checksums import CHECKSUMS, checksums_of
from mailaudit.locale import LANGUAGES, Language, language
from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod, Period

README = "README.txt"
REPORTS, TABLES, MONTHS = "reports", "tables", "months"

_AUDIENCES = {
    Audience.PUBLIC: N_("for the public"),
    Audience.LEADER: N_("for heads of units"),
    Audience.IT: N_("for the IT department"),
}
_ABOUT = {
    f"{REPORTS}/": N_("the reports, as mailaudit report writes them"),
    f"{TABLES}/": N_(
        "every table of the report as CSV: units, groups and the whole (ranking.csv), mailboxes"
        " not measured by cause (unmeasured-causes.csv), the method (method-….csv) and the others"
    ),
    of.DATA: N_(
        "month, edition and cut-off of the data, the SHA-256 they were sealed with, and the"
        " editions of the months compared with"
    ),
    of.RULES: N_("the rules that were counted by, exact"),
    of.CALENDAR: N_("the working days that were counted by, with the source of each"),
    of.SETTINGS: N_("whom the reports are for, their language and formats"),
    of.VERSIONS: N_("the versions of mailaudit, Python and the libraries that made them"),
    of.RECORD: N_(
        "the newest entry of the store's run record when the pack was made: an entry that is"
        " removed or changed later shows against it. An entry “removal” is of mailaudit forget or"
        " prune: people were removed from its month, whose packs made before can't be made again"
    ),
    CHECKSUMS: N_("the SHA-256 of every other file of this pack"),
}
_ABOUT_LONGER = {
    f"{MONTHS}/": N_(
        "a folder for each month that counts and may be shown: the tables of a report of that month"
        " alone, and data.json, which data it is of"
    ),
    of.MONTHS: N_(
        "edition, cut-off and SHA-256 of each month; the SHA-256 of this file is that of the data"
    ),
}
_CHECK = (
    N_(
        "To see whether a file was changed, unpack all of them into a folder and run there:"
        " sha256sum -c {checksums}"
    ),
    N_("With mailaudit: mailaudit verify FILE"),
    N_(
        "With mailaudit and the store, whether the store makes the same files again:"
        " mailaudit verify FILE --config mailaudit.toml"
    ),
    N_(
        "SHA-256 of the data: over lines of JSON (UTF-8, keys sorted, no spaces): one of the"
        " month's snapshot, one of each unit and each person of the staff list in order, one of"
        " what each mailbox did or why it was not measured, by address. Only the store has these"
        " lines; they are not in this pack."
    ),
)


def pack_of(
    period: Period, edition: int, audience: Audience, files: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """The files of a pack, with README and checksums."""
    readme = "\n\n".join(
        _readme(period, edition, audience, language(code)) for code in LANGUAGES
    ).encode()
    content = {**files, README: readme}
    return {**content, CHECKSUMS: checksums_of(content)}


def _readme(period: Period, edition: int, audience: Audience, spoken: Language) -> str:
    _ = spoken.gettext
    is_longer = isinstance(period, LongPeriod)
    title = (
        _("Use of official mailboxes in {period}: pack for a review, {whom}")
        if is_longer
        else _(
            "Use of official mailboxes in {period}, edition {edition}: pack for a review, {whom}"
        )
    )
    about = {**_ABOUT, **_ABOUT_LONGER} if is_longer else _ABOUT
    lines = [
        title.format(period=period, edition=edition, whom=_(_AUDIENCES[audience])),
        "",
        *(f"{name} – {_(text)}" for name, text in about.items()),
        "",
        *(_(text).format(checksums=CHECKSUMS) for text in _CHECK),
    ]
    return "".join(f"{line}\n" for line in lines)
