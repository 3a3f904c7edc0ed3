"""Two editions of a month, one made of the other by corrections: measured alike, documented."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.audit.measuring import newer_edition
from mailaudit.collaborators import Store
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.publication.comparison import Comparison, compare, gives_few_away
from mailaudit.publication.register import Published

if TYPE_CHECKING:
    from mailaudit.report.annex.content import Letterhead


@dataclass(frozen=True, slots=True)
class ComparedEditions:
    """Two editions, each with its units ranked by the rules of today."""

    before: Snapshot
    after: Snapshot
    rankings: tuple[Ranking, Ranking]
    rules: Rules

    def comparison(self, audience: Audience) -> Comparison:
        """Both as `audience` sees them."""
        editions = self.before.edition, self.after.edition
        return compare(*self.rankings, editions, audience, self.rules)


def compare_editions(
    before: Snapshot, after: Snapshot, calendar: WorkCalendar, rules: Rules
) -> ComparedEditions:
    """Measures and ranks both."""
    from mailaudit.metrics.measure import measure
    from mailaudit.metrics.rank import rank

    def ranked(snapshot: Snapshot) -> Ranking:
        measurement = measure(snapshot, calendar, rules)
        return rank(snapshot.period, measurement, snapshot.roster.groups, (), rules)

    return ComparedEditions(before, after, (ranked(before), ranked(after)), rules)


class _GivesFewAwayError(Exception):
    """What is to be published shows what few people did."""


def document_comparison(
    editions: ComparedEditions,
    audience: Audience,
    organisation: str,
    letterhead: "Letterhead",
    folder: Path,
    store: Store,
    *,
    language: Language,
    names: bool,
    illustrative: bool,
    despite_difference: bool,
) -> tuple[Path, ...]:
    """Writes what the corrections changed into `folder`, for IT or for the public.

    What the public gets is registered first: a document that is stopped now may be out.

    Args:
        despite_difference: Whether the public's is written even where it gives few people away.

    Returns:
        The files; none where they would give few people away.

    Raises:
        ConfigurationError: The folder can't be written.
        StoreError: The register can't be written.
    """
    from mailaudit.report.correction_document import Corrections, compose_document, render_document
    from mailaudit.report.files import write_atomically

    comparison, rules, after = editions.comparison(audience), editions.rules, editions.after
    if audience is not Audience.IT:

        def check(published: Published) -> None:
            if not despite_difference and gives_few_away(comparison, published, rules):
                raise _GivesFewAwayError

        try:
            check(store.published)
            store.publish(comparison.records(), check)
        except _GivesFewAwayError:
            return ()
    made = tuple(one for one in after.corrections if one.edition == after.edition)
    report = compose_document(
        organisation,
        Corrections(editions.before.roster, after, made),
        comparison,
        rules,
        language=language,
        names=names,
        illustrative=illustrative,
        superseded_by=newer_edition(store, after),
    )
    paths = []
    for ending, content in render_document(report, letterhead).items():
        paths.append(folder / f"{report.stem}{ending}")
        write_atomically(paths[-1], content, private=audience is not Audience.PUBLIC)
    return tuple(paths)
