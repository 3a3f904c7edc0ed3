"""Correcting a sealed month: its list checked, its effect shown, its next edition and documents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit import audit
from mailaudit.cli import steps
from mailaudit.cli.console import current_language, in_command, note, say
from mailaudit.cli.correction_view import print_effects
from mailaudit.cli.documents import documents
from mailaudit.cli.options import LanguageCode
from mailaudit.cli.reporting import drawing
from mailaudit.cli.run_record import record
from mailaudit.cli.staff_lists import note_unfitting
from mailaudit.collaborators import Store
from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.corrected import corrected_snapshot
from mailaudit.model.outcome import Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.run_record import Made
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.roster.correction_check import CheckedCorrections
    from mailaudit.roster.corrections import ListedCorrection
    from mailaudit.settings import Settings


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
        named = None
        if period is not None:
            named = steps.period_of(period, timezone, given=f"--period {period}")
        listed = read_corrections(file, steps.today_in(timezone), settings.roster.encoding)
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
        settings, period = self.settings, self.period
        folder = out or settings.report.folder
        documents(settings)  # a wrong letterhead or wording stops here, before anything is made
        days = steps.calendar(settings, period)
        with steps.opened_store(settings) as store:
            base = store.to_correct(period)
            steps.require_calendar_units(settings, days, store)
            checked = self._checked(base)
            if not checked.new:
                say(N_("Everything in the list is made already: nothing changes."))
                if apply:
                    edition = max(one.edition for one in checked.made)
                    before, after = store.load(period, edition - 1), store.load(period, edition)
                    editions = audit.compare_editions(before, after, days, settings.rules)
                    self._write_documents(store, editions, folder, despite_difference)
                return
            after = corrected_snapshot(
                base, checked.new, steps.now(), partial(store.measured, period)
            )
            editions = audit.compare_editions(base, after, days, settings.rules)
            print_effects(editions.comparison(Audience.IT))
            asked = _never_asked(base, after)
            if not apply:
                _note_never_asked(asked, period)
                self._note_nothing_changed(after)
                return
            made = store.correct(period, base.edition, checked.new, now=steps.now())
            say(
                N_("{period}, edition {edition}: sealed {moment}."),
                period=period,
                edition=str(made.edition),
                moment=_moment(made),
            )
        record(settings, "correct", str(period), made.edition, Made.SNAPSHOT, made.digest or "")
        with steps.opened_store(settings) as store:  # not while nobody else could write
            editions = replace(editions, after=made)
            is_public = self._write_documents(store, editions, folder, despite_difference)
        _note_next(period, asked, is_public=is_public)

    def _checked(self, base: Snapshot) -> "CheckedCorrections":
        """Which rows are still to be made; prints how many, and of how many there is nothing."""
        from mailaudit.roster import check_corrections

        rules, made = self.settings.rules, base.corrections
        checked = check_corrections(self.file, self.listed, base.roster, made, rules)
        say(
            N_(
                "{file}: {new} corrections to make in {period}, {made} made already, {others}"
                " of other months."
            ),
            file=self.file,
            period=self.period,
            new=len(checked.new),
            made=len(checked.made),
            others=self.others,
        )
        note_unfitting(one.correction for one in checked.made if not one.fits)
        return checked

    def _write_documents(
        self,
        store: Store,
        editions: audit.ComparedEditions,
        folder: Path,
        despite_difference: bool,
    ) -> bool:
        """Writes the comparison for IT and for the public; whether the public may have its own."""
        settings, written = self.settings, {}
        for audience in (Audience.IT, Audience.PUBLIC):
            with drawing():
                written[audience] = audit.document_comparison(
                    editions,
                    audience,
                    settings.organisation.name,
                    documents(settings).letterhead,
                    folder,
                    store,
                    language=current_language(),
                    names=settings.report.names,
                    illustrative=settings.report.illustrative,
                    despite_difference=despite_difference,
                )
            for path in written[audience]:
                say("{path}", path=path)
        if not written[Audience.PUBLIC]:
            note(
                N_(
                    "No comparison for the public: the editions differ in the figures of fewer"
                    " than {least} people, who could be identified. --despite-difference writes"
                    " it."
                ),
                least=settings.rules.min_published,
            )
        return bool(written[Audience.PUBLIC])

    def _note_nothing_changed(self, after: Snapshot) -> None:
        note(
            N_(
                "Nothing was changed. To make edition {edition}:"
                " mailaudit correct {file} --period {period} --apply{options}"
            ),
            file=in_command(self.file),
            period=self.period,
            edition=str(after.edition),
        )


def _moment(snapshot: Snapshot) -> str:
    sealed_at = snapshot.sealed_at or snapshot.cut_off_at
    return current_language().written_instant(sealed_at.astimezone(snapshot.period.tz))


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


def _never_asked(base: Snapshot, after: Snapshot) -> int:
    """How many mailboxes came to the list, which count as not measured until they are asked."""
    return sum(
        mailbox not in base.outcomes
        and isinstance(outcome, Unmeasured)
        and outcome.reason is Reason.NOT_ASKED
        for mailbox, outcome in after.outcomes.items()
    )


def _note_never_asked(count: int, period: Period) -> None:
    if count:
        note(
            N_(
                "{count} corrected mailboxes were never asked, and count as not measured. To ask"
                " them once the corrections are made:"
                " mailaudit collect{options} --period {period} --retry-unmeasured"
            ),
            count=count,
            period=period,
        )


def _note_next(period: Period, never_asked: int, *, is_public: bool) -> None:
    """What to do after the corrections were made, in order."""
    note(N_("Next, in this order:"))
    if never_asked:
        note(
            N_(
                "- ask the {count} corrected mailboxes that never were, which count as not"
                " measured: mailaudit collect{options} --period {period} --retry-unmeasured"
            ),
            count=never_asked,
            period=period,
        )
    note(
        N_(
            "- new reports, with each --audience there are reports for:"
            " mailaudit report{options} --period {period}"
        ),
        period=period,
    )
    if not is_public:
        note(
            N_(
                "  They differ from what was published by few people: it is refused for others"
                " than IT until the earlier reports are taken back or it was decided that it may"
                " be, and --despite-difference says so."
            )
        )
    note(N_("- to their readers: mailaudit deliver{options} --period {period}"), period=period)
