"""Where the data come from and what vouches for them, in words."""

from collections.abc import Iterable, Iterator

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.wording import readable
from mailaudit.report.columns import ColumnOf, table_of
from mailaudit.report.sections.inside import months_text
from mailaudit.report.tables import Column, Kind, Table
from mailaudit.report.value import Fact

_FACTS: tuple[ColumnOf[Fact], ...] = (
    ColumnOf(
        Column("item", N_("Item"), Kind.TEXT, width=24, row_header=True), lambda fact: fact.label
    ),
    ColumnOf(Column("content", N_("Content"), Kind.TEXT, width=100), lambda fact: fact.text),
)


def facts(snapshot: Snapshot, language: Language, *, sees_everything: bool) -> tuple[Fact, ...]:
    """What to know about the report itself."""
    _ = language.gettext
    period, source = snapshot.period, snapshot.source
    days = _("{first} to {last}").format(
        first=language.date(period.first_day), last=language.date(period.last_day)
    )
    return (
        Fact(_("Reporting period"), days),
        Fact(_("Cut-off date"), language.instant(snapshot.cut_off_at.astimezone(period.tz))),
        Fact(
            _("State of the data"),
            (_("final data") if snapshot.sealed_at else _("provisional data"))
            + ", "
            + (
                months_text(snapshot, language)
                if snapshot.months
                else _("edition {number}").format(number=snapshot.edition)
            ),
        ),
        *(
            (Fact(_("Corrections"), corrections_made(snapshot, language, counted=sees_everything)),)
            if snapshot.corrections
            else ()
        ),
        Fact(
            _("Source"),
            "; ".join(f"{one.kind.upper()} · {readable(one.server)}" for one in source.each),
        ),
        Fact(_("Collected by"), f"mailaudit {readable(snapshot.tool_version)}"),
        Fact(_("SHA-256 of the data"), printed_digest(snapshot, language)),
        *_removal(snapshot, language),
    )


def _removal(snapshot: Snapshot, language: Language) -> Iterator[Fact]:
    """That people were removed, and the seal the month had before."""
    _, removal = language.gettext, snapshot.removal
    if removal is None:
        return
    text = _("{count} people removed at their request, on {day}; their sums are counted")
    if not removal.sums.people:
        text = _("details of a person removed at their request, on {day}")
    text = text.format(
        count=language.number(removal.sums.people),
        day=language.date(removal.removed_at.astimezone(snapshot.period.tz).date()),
    )
    yield Fact(_("Removed people"), text)
    if removal.first_digest:
        yield Fact(_("SHA-256 before the removal"), removal.first_digest)


def corrections_made(snapshot: Snapshot, language: Language, *, counted: bool) -> str:
    """Which edition had none of the corrections yet, and how many there are.

    Args:
        counted: Whether the reader may know how many: one may be of somebody in a small unit.
    """
    _, made = language.gettext, snapshot.corrections
    text = _("corrected from edition {number}").format(number=min(one.edition for one in made) - 1)
    if not counted:
        return text
    text = f"{language.number(len(made))}; {text}"
    if left := sum(not one.fits for one in made):
        text += "; " + _("{count} of them no longer fit the staff list and change nothing").format(
            count=language.number(left)
        )
    return text


def facts_table(key: str, caption: str, about: Iterable[Fact], language: Language) -> Table:
    """Facts as a table, a line each."""
    return table_of(key, caption, _FACTS, about, language)


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
