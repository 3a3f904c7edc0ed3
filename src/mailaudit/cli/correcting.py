"""Correcting a sealed month: its list checked, its effect shown, its next edition and documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli import steps
from mailaudit.cli.console import current_language, in_command, note, say
from mailaudit.cli.correction_view import print_effects
from mailaudit.cli.options import LanguageCode
from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.corrected import corrected_snapshot
from mailaudit.model.correction import Made
from mailaudit.model.outcome import Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.publication.comparison import Comparison
    from mailaudit.roster.corrections import ListedCorrection
    from mailaudit.settings import Settings
    from mailaudit.store import SnapshotStore


@dataclass(frozen=True, slots=True)
class Correcting:
    """One list of corrections, and the month of it that is corrected."""

    settings: "Settings"
    file: Path
    period: Period
    listed: "tuple[ListedCorrection, ...]"
    others: int

    @classmethod
    def begun(
        cls, config: Path, lang: LanguageCode | None, file: Path, period: str | None
    ) -> "Correcting":
        """Reads the list and chooses the month.

        Raises:
            RosterError: The list can't be used.
            UsageError: It has several months and none was named, or not the one that was.
        """
        from mailaudit.roster import read_corrections

        settings = steps.load(config, lang)
        timezone = settings.organisation.timezone
        named = None if period is None else steps.period_named(period, timezone)
        probe = Period(2000, 1, timezone)
        today = steps.now().astimezone(probe.tz).date()
        listed = read_corrections(file, today, settings.roster.encoding)
        month = named or _only_month(file, listed, timezone)
        mine = tuple(one for one in listed if one.correction.month == str(month))
        if not mine:
            raise UsageError(
                N_("{file} has no correction of {period}."),
                N_("It has some of {months}: name one of them with --period."),
                file=file,
                period=month,
                months=", ".join(_months(listed)),
            )
        return cls(settings, file, month, mine, len(listed) - len(mine))

    def run(self, *, apply: bool, out: Path | None, despite_difference: bool) -> None:
        """Shows what the corrections change; makes them, and the documents, where asked to."""
        from mailaudit.roster import check_corrections

        settings, period = self.settings, self.period
        days = steps.calendar(settings, period)
        documents = _Documents(settings, days, out or settings.report.folder, despite_difference)
        with steps.opened_store(settings) as store:
            base = store.to_correct(period)
            steps.require_calendar_units(settings, days, store)
            checked = check_corrections(
                self.file, self.listed, base.roster, base.corrections, settings.rules
            )
            say(
                N_(
                    "{file}: {new} corrections to make in {period}, {made} made already, {others}"
                    " of other months."
                ),
                file=self.file,
                period=period,
                new=len(checked.new),
                made=len(checked.made),
                others=self.others,
            )
            if not checked.new:
                say(N_("Everything in the list is made already: nothing changes."))
                if apply:
                    documents.write_of(store, period, max(one.edition for one in checked.made))
                return
            after = corrected_snapshot(base, checked.new, steps.now())
            print_effects(documents.comparison(base, after, Audience.IT), settings.rules)
            _note_not_asked(base, after)
            if not apply:
                note(
                    N_(
                        "Nothing was changed. To make edition {edition}:"
                        " mailaudit correct {file} --period {period} --apply{options}"
                    ),
                    file=in_command(self.file),
                    period=period,
                    edition=str(after.edition),
                )
                return
            made = store.correct(period, base.edition, checked.new, now=steps.now())
            say(
                N_("{period}, edition {edition}: sealed {moment}."),
                period=period,
                edition=str(made.edition),
                moment=_moment(made),
            )
            documents.write(store, base, made)
        note(
            N_("New reports: mailaudit report{options} --period {period}"),
            period=period,
        )


def _moment(snapshot: Snapshot) -> str:
    sealed_at = snapshot.sealed_at or snapshot.cut_off_at
    return current_language().instant(sealed_at.astimezone(snapshot.period.tz))


def _months(listed: "Sequence[ListedCorrection]") -> list[str]:
    return sorted({one.correction.month for one in listed})


def _only_month(file: Path, listed: "Sequence[ListedCorrection]", timezone: str) -> Period:
    """The month of a list that has one only."""
    first, *others = _months(listed)
    if others:
        raise UsageError(
            N_("{file} has corrections of several months: {months}."),
            N_("Name one of them with --period; one month is corrected at a time."),
            file=file,
            months=", ".join([first, *others]),
        )
    year, month = first.split("-")
    return Period(int(year), int(month), timezone)


def _note_not_asked(base: Snapshot, after: Snapshot) -> None:
    """Says which mailboxes came to the list, which count as not measured until they are asked."""
    new = [
        mailbox
        for mailbox, outcome in after.outcomes.items()
        if mailbox not in base.outcomes
        and isinstance(outcome, Unmeasured)
        and outcome.reason is Reason.NOT_ASKED
    ]
    if new:
        note(
            N_(
                "{count} corrected mailboxes were never asked, and count as not measured. To ask"
                " them once the corrections are made:"
                " mailaudit collect{options} --period {period} --retry-unmeasured"
            ),
            count=len(new),
            period=after.period,
        )


@dataclass(frozen=True, slots=True)
class _Documents:
    """Compares two editions, and writes the documents that show it."""

    settings: "Settings"
    days: WorkCalendar
    folder: Path
    despite_difference: bool

    def comparison(self, before: Snapshot, after: Snapshot, audience: Audience) -> "Comparison":
        """Both editions by the rules of today, as `audience` sees them."""
        from mailaudit.publication.comparison import compare

        editions = before.edition, after.edition
        rankings = self._ranking(before), self._ranking(after)
        return compare(*rankings, editions, audience, self.settings.rules)

    def write_of(self, store: "SnapshotStore", period: Period, edition: int) -> None:
        """Writes those of an edition that corrections made."""
        self.write(store, store.load(period, edition - 1), store.load(period, edition))

    def write(self, store: "SnapshotStore", before: Snapshot, after: Snapshot) -> None:
        """Writes those for the IT department and, where it gives nobody away, for the public."""
        from mailaudit.publication.comparison import gives_few_away

        self._write(before, after, self.comparison(before, after, Audience.IT))
        public, least = (
            self.comparison(before, after, Audience.PUBLIC),
            self.settings.rules.min_published,
        )
        if not self.despite_difference and gives_few_away(public, store, least):
            note(
                N_(
                    "No comparison for the public: the editions differ in the figures of fewer than"
                    " {least} people, who could be identified. --despite-difference writes it."
                ),
                least=least,
            )
            return
        store.publish(public.records())  # first: a document that is stopped now may be out
        self._write(before, after, public)

    def _write(self, before: Snapshot, after: Snapshot, comparison: "Comparison") -> None:
        from mailaudit.cli.documents import documents
        from mailaudit.report.correction_document import (
            Corrections,
            compose_document,
            render_document,
        )
        from mailaudit.report.files import write_atomically

        settings = self.settings
        made: tuple[Made, ...] = tuple(
            one for one in after.corrections if one.edition == after.edition
        )
        report = compose_document(
            settings.organisation.name,
            Corrections(before.roster, after, made),
            comparison,
            settings.rules,
            language=current_language(),
            names=settings.report.names,
            illustrative=settings.report.illustrative,
        )
        for ending, content in render_document(report, documents(settings).letterhead).items():
            path = self.folder / f"{report.stem}{ending}"
            write_atomically(path, content, private=report.audience is not Audience.PUBLIC)
            say("{path}", path=path)

    def _ranking(self, snapshot: Snapshot) -> Ranking:
        from mailaudit.metrics.measure import measure
        from mailaudit.metrics.rank import rank

        rules = self.settings.rules
        measurement = measure(snapshot, self.days, rules)
        return rank(snapshot.period, measurement, snapshot.roster.groups, (), rules)
