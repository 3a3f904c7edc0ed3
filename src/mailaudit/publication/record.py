"""What was published of a month, and whether what is to be published differs by few people only.

Two reports of one month, one with a person more, show what that person did, however many
people each figure is about.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mailaudit.model.period import Period
from mailaudit.model.usage import Counts
from mailaudit.publication.reasons import ReasonCount
from mailaudit.publication.values import Publication, PublishedPoint

UNIT, OWN, FEW, REASON = "unit", "own", "few", "reason"
PEOPLE = ("staff", "out_of_scope", "excluded", "in_scope", "judged", "measured", "people")

Figures = Mapping[str, int]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """What readers of a report have of one Period.

    Attributes:
        audience: Of the report.
        lines: Figures of UNIT and a unit's code, "" for the whole; of OWN and a unit's code, for
            those in no unit below it; of FEW and the code of the unit reported on, "" for the
            whole; of REASON and why people are out of scope.
        few: The codes of the units of few people, in a line of FEW or in none, by the same code.
    """

    period: Period
    edition: int
    audience: str
    lines: Mapping[Key, Figures]
    few: Mapping[str, tuple[str, ...]]

    @property
    def text(self) -> str:
        """The lines as JSON, the same for equal lines."""
        lines = [[*key, dict(figures)] for key, figures in sorted(self.lines.items())]
        content = {"lines": lines, "few": {code: list(few) for code, few in self.few.items()}}
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
    return Record(period, edition, audience, lines, few)


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
        few = tuple(sorted(point.month.few))
        yield Record(
            point.period,
            edition if is_now else point.edition,
            publication.audience,
            lines,
            {within: few},
        )


def differing(new: Record, earlier: Sequence[Record], least: int) -> list[Key]:
    """The lines that give fewer than `least` people away to whoever has an earlier record too.

    What was published once already shows nothing new.
    """
    found = []
    for key, figures in new.lines.items():
        before = [record.lines[key] for record in earlier if key in record.lines]
        if figures not in before and any(_is_by_few(figures, then, least) for then in before):
            found.append(key)
    for within in new.few:
        former = [record for record in earlier if within in record.few]
        states = [_few(record, within) for record in former]
        is_other = bool(former) and _few(new, within) not in states
        if is_other and any(_crosses(new, record, within) for record in former):
            found.append((FEW, within))
    return found


def _few(record: Record, within: str) -> tuple[tuple[str, ...], bool]:
    """The units of few people, and whether there is a line of them."""
    return record.few[within], (FEW, within) in record.lines


def _crosses(new: Record, old: Record, within: str) -> bool:
    """Whether a line is of other units than before, or a unit with figures became a small one."""
    (few, has_line), (former, had_line) = _few(new, within), _few(old, within)
    became_small = any((UNIT, code) in old.lines for code in few)
    return has_line or had_line or became_small or any((UNIT, code) in new.lines for code in former)


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
        name: getattr(counts, name)
        for name in ("in_scope", "judged", "measured", "read", "sent", "regular")
    }


def _listed(publication: Publication) -> dict[str, int]:
    total = publication.total
    if total is None or not publication.shows_listed:
        return {}
    listed = {"staff": total.staff, "out_of_scope": total.out_of_scope}
    return listed | ({"excluded": total.excluded} if publication.shows_reasons else {})


def _is_by_few(new: Figures, before: Figures, least: int) -> bool:
    """Whether two figures of one line differ by somebody, but fewer than `least`.

    Two more people in scope are few, whatever they did; of twenty more, any number is not, for it
    is about twenty.
    """
    moved = {key: abs(new[key] - before[key]) for key in new.keys() & before.keys()}
    people = [moved[key] for key in PEOPLE if key in moved]
    if any(people):
        return any(0 < number < least for number in people)
    return any(0 < number < least for number in moved.values())
