"""What was published of a month: every figure that readers of a report have of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mailaudit.model.period import Period
from mailaudit.model.usage import Counts
from mailaudit.model.use import GAP_USES, people_by_use
from mailaudit.publication.reasons import ReasonCount
from mailaudit.publication.values import Publication, PublishedPoint

UNIT, OWN, FEW, REASON, USE = "unit", "own", "few", "reason", "use"
PEOPLE = ("staff", "out_of_scope", "excluded", "in_scope", "judged", "measured", "people")

Figures = Mapping[str, int]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """What readers of a report have of one Period.

    Attributes:
        period: As `Period.published_as`.
        audience: Of the report.
        lines: Figures of UNIT and a unit's code, "" for the whole; of OWN and a unit's code, for
            those in no unit below it; of FEW and the code of the unit reported on, "" for the
            whole; of REASON and why people are out of scope; of USE and the name of a group, ""
            for the whole.
        few: The codes of the units of few people, in a line of FEW or in none, by the same code.
        withheld: The codes of the units that have no figures because of other periods, and are in
            no sum.
    """

    period: Period
    edition: int
    audience: str
    lines: Mapping[Key, Figures]
    few: Mapping[str, tuple[str, ...]]
    withheld: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as JSON, the same for equal lines."""
        lines = [[*key, dict(figures)] for key, figures in sorted(self.lines.items())]
        content: dict[str, object] = {
            "lines": lines,
            "few": {code: list(few) for code, few in self.few.items()},
        }
        if self.withheld:
            content["withheld"] = list(self.withheld)
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all of it."""
        header = f"{self.period} {self.edition} {self.audience}\n"
        return sha256((header + self.text).encode("utf-8", "surrogatepass")).hexdigest()


def read_record(period: Period, edition: int, audience: str, text: str) -> Record:
    """The Record of `Record.text`."""
    content = json.loads(text)
    lines = {(kind, code): figures for kind, code, figures in content["lines"]}
    few = {code: tuple(units) for code, units in content["few"].items()}
    return Record(period, edition, audience, lines, few, tuple(content.get("withheld", ())))


def records_of(
    publication: Publication, edition: int, reasons: Sequence[ReasonCount], within: str = ""
) -> Iterator[Record]:
    """What a report gives of each of its Periods.

    Args:
        edition: Of the Period reported.
        reasons: Why people are out of scope, as printed.
        within: The code of the unit it is about.
    """
    for point in publication.trend:
        if point.month is None:
            continue
        lines = dict(_lines(point, within))
        is_now = point.period == publication.period
        if is_now:
            lines[UNIT, within] |= _listed(publication)
            lines |= {(REASON, reason.key): {"people": reason.people} for reason in reasons}
            lines |= _uses(publication)
        few = tuple(sorted(point.month.few))
        yield Record(
            point.period.published_as,
            edition if is_now else point.edition,
            publication.audience,
            lines,
            {within: few},
            tuple(sorted(point.month.withheld)),
        )


def _lines(point: PublishedPoint, within: str) -> Iterator[tuple[Key, dict[str, int]]]:
    month = point.month
    if month is None:
        return
    for code, counts in month.shown.items():
        yield (OWN if code == within else UNIT, code), figures_of(counts)
    if month.few_total is not None:
        yield (FEW, within), figures_of(month.few_total)
    yield (UNIT, within), figures_of(month.total or Counts())


def figures_of(counts: Counts) -> dict[str, int]:
    """What a line gives of its people."""
    return {
        name: getattr(counts, name) for name in ("in_scope", "judged", "measured", *counts.deeds)
    }


def _uses(publication: Publication) -> dict[Key, dict[str, int]]:
    """The uses of groups and the whole that no other figure of theirs gives."""
    if not publication.has_uses:
        return {}
    sums = [
        (group.name, group.total, publication.gaps.of_group(group.name))
        for group in publication.groups
    ]
    if publication.total is not None:
        sums.append(("", publication.total, publication.gaps.total))
    found = {}
    for name, counts, gaps in sums:
        people = people_by_use(counts, gaps) if counts.reads else {}
        if uses := {str(u): people[u] for u in GAP_USES if u in people}:
            found[USE, name] = uses
    return found


def _listed(publication: Publication) -> dict[str, int]:
    total = publication.total
    if total is None or not publication.shows_listed:
        return {}
    listed = {"staff": total.staff, "out_of_scope": total.out_of_scope}
    return listed | ({"excluded": total.excluded} if publication.shows_reasons else {})
