"""Two editions of a month, one made of the other by corrections, and the documents that show it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language, note, say
from mailaudit.cli.reporting import drawing
from mailaudit.errors import N_
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.collaborators import Store
    from mailaudit.publication.comparison import Comparison
    from mailaudit.publication.register import Published
    from mailaudit.settings import Settings


@dataclass(frozen=True, slots=True)
class ComparedEditions:
    """Two editions, each with its units ranked by the rules of today."""

    before: Snapshot
    after: Snapshot
    rankings: tuple[Ranking, Ranking]
    rules: Rules

    def comparison(self, audience: Audience) -> "Comparison":
        """Both as `audience` sees them."""
        from mailaudit.publication.comparison import compare

        editions = self.before.edition, self.after.edition
        return compare(*self.rankings, editions, audience, self.rules)


def compared(
    settings: "Settings", days: WorkCalendar, before: Snapshot, after: Snapshot
) -> ComparedEditions:
    """Measures and ranks both."""
    from mailaudit.metrics.measure import measure
    from mailaudit.metrics.rank import rank

    rules = settings.rules

    def ranked(snapshot: Snapshot) -> Ranking:
        measurement = measure(snapshot, days, rules)
        return rank(snapshot.period, measurement, snapshot.roster.groups, (), rules)

    return ComparedEditions(before, after, (ranked(before), ranked(after)), rules)


class _GivesFewAwayError(Exception):
    """What is to be published shows what few people did."""


def write_documents(
    settings: "Settings",
    store: "Store",
    editions: ComparedEditions,
    folder: Path,
    despite_difference: bool,
) -> bool:
    """Writes the documents for the IT department and, where nobody is given away, for the public.

    Whether it wrote the public's.

    Args:
        store: The register of what was published.
        despite_difference: Whether the public's is written even where it gives people away.
    """
    from mailaudit.audit import newer_edition
    from mailaudit.publication.comparison import gives_few_away

    newest = newer_edition(store, editions.after)
    _write(settings, editions, editions.comparison(Audience.IT), folder, newest)
    public, least = editions.comparison(Audience.PUBLIC), settings.rules.min_published

    def check(published: "Published") -> None:
        if not despite_difference and gives_few_away(public, published, least):
            raise _GivesFewAwayError

    try:
        check(store.published)
        store.publish(public.records(), check)  # first: a document stopped now may be out
    except _GivesFewAwayError:
        note(
            N_(
                "No comparison for the public: the editions differ in the figures of fewer than"
                " {least} people, who could be identified. --despite-difference writes it."
            ),
            least=least,
        )
        return False
    _write(settings, editions, public, folder, newest)
    return True


def _write(
    settings: "Settings",
    editions: ComparedEditions,
    comparison: "Comparison",
    folder: Path,
    newest: int | None,
) -> None:
    from mailaudit.cli.documents import documents
    from mailaudit.report.correction_document import Corrections, compose_document, render_document
    from mailaudit.report.files import write_atomically

    after = editions.after
    made = tuple(one for one in after.corrections if one.edition == after.edition)
    report = compose_document(
        settings.organisation.name,
        Corrections(editions.before.roster, after, made),
        comparison,
        settings.rules,
        language=current_language(),
        names=settings.report.names,
        illustrative=settings.report.illustrative,
        superseded_by=newest,
    )
    with drawing():
        rendered = render_document(report, documents(settings).letterhead)
    for ending, content in rendered.items():
        path = folder / f"{report.stem}{ending}"
        write_atomically(path, content, private=report.audience is not Audience.PUBLIC)
        say("{path}", path=path)
