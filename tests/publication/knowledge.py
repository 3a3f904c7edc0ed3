"""What a reader of the published files knows, as linear facts about unknown numbers of people.

The reader knows the rules: who is shown and who is not, how ranks skip, which month is compared
with which, what became of units. Nothing is assumed of people beyond that.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction

from figures import (
    COUNTS,
    GAP,
    MANY_EXEMPT,
    MONTH,
    MOVED,
    NOBODY_SILENT,
    PLACE,
    PREVIOUS,
    PREVIOUS_RANK,
    PREVIOUS_SHARE,
    RANK,
    RANKED,
    SENTENCES,
    SHARE_SENTENCES,
    SHARES,
    STEPS,
)
from linear import MOST_PEOPLE, Sum, combined
from people import Block, People, way_of_counting
from places import Atom, Places
from provinces import MONTHS
from publishing import Published
from reading import (
    GROUP_SUM,
    SMALL,
    SUM,
    WHOLE,
    Line,
    ReadFile,
    Table,
    Value,
    printed,
    read_card,
    read_document,
    read_page,
    read_workbook,
)

Atoms = tuple[Atom, ...]
Subject = Callable[[int], Atoms | None]  # by month, whom a line is about; None where not known
OWN_LINE = " (không kể đơn vị trực thuộc)"
ABOVE = re.compile("vượt mức|dưới mức")
EXEMPT_KINDS, EXCLUDED_KINDS = "Không thuộc diện", "Loại trừ"


def read(name: str, content: bytes) -> ReadFile | None:
    """The file by the ending of its name; None of a picture, whose PDF is beside it."""
    if name.endswith(".html"):
        return read_page(content)
    if name.endswith(".xlsx"):
        return read_workbook(content)
    if name.endswith(".docx"):
        return read_document(content)
    return read_card(content) if name.endswith(".pdf") else None


@dataclass(slots=True)
class Shown:
    """What the files of one report show of its units.

    Attributes:
        order: Units as they stand in the ranking, by group.
        ranks: Of those with a rank: the rank, and whether it is said to be tied.
        before: The rank of the month before.
        ranked: How many units of a group are said to have a rank.
        small: Whether the line of small units is printed.
    """

    order: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    ranks: dict[str, tuple[int, bool]] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    ranked: dict[str, int] = field(default_factory=dict)
    small: bool = False
    names_small: bool = False


class Knowledge:
    """Everything read so far."""

    def __init__(self, people: People, places: Places) -> None:
        self.people, self._places = people, places
        self.known: dict[tuple[Block, Atoms, str], int] = {}
        self.shares: dict[tuple[Block, Atoms], Fraction] = {}
        self.reports: list[tuple[Published, Shown]] = []
        self.lines: dict[tuple[Block, str | None, str], Atoms] = {}  # every line anybody could see

    def learn(self, report: Published) -> None:
        """Everything in the files of a report."""
        files = [found for name, content in report.files.items() if (found := read(name, content))]
        shown = Shown()
        if report.head is not None:  # one page, read beside the report that everybody has
            shown = deepcopy(
                next(
                    known
                    for other, known in reversed(self.reports)
                    if (other.month, other.within) == (report.month, report.within)
                )
            )
        reader = _Reader(self, report, shown)
        for file in files:
            reader.look(file)
        for file in files:
            reader.read(file)
        self.reports.append((report, shown))

    def count(self, block: Block, atoms: Atoms, figure: str, value: Fraction) -> None:
        number = int(value)
        self.known[block, atoms, figure] = number
        self.people.unknowns.know(self.people.figure(block, atoms, figure), number, number)

    def share_of(self, block: Block, atoms: Atoms) -> Fraction | None:
        """A line's rate, where it is known to the last digit."""
        regular, in_scope, silent = (
            self.known.get((block, atoms, figure))
            for figure in ("regular", "in_scope", "unmeasured")
        )
        if regular is not None and in_scope is not None and silent is not None:
            return Fraction(regular, in_scope - silent) if in_scope > silent else None
        return self.shares.get((block, atoms))

    def share(
        self, block: Block, atoms: Atoms, parts: tuple[str, str], value: Value, less: Fraction
    ) -> None:
        if value.low is None or value.high is None:
            return
        low, high = (value.low - less) / 100, (value.high - less) / 100
        part, whole = (self.people.figure(block, atoms, figure) for figure in parts)
        if not whole:
            return
        self.people.unknowns.know_ratio(part, whole, low, high)
        if low == high and parts == ("regular", "judged"):
            self.shares[block, atoms] = low


class _Reader:
    """Reads the files of one report."""

    def __init__(self, knowledge: Knowledge, report: Published, shown: Shown) -> None:
        self._knowledge, self._report, self._shown = knowledge, report, shown
        self._places = knowledge._places
        self._units = self._places.lines(report.month, report.within)
        self._way = way_of_counting(report.rules)
        self._names = {unit.name: unit.code for unit in self._units}
        if report.within is not None:
            whole = self._places.unit(report.month, report.within)
            self._names.pop(whole.name, None)
            self._names[whole.name + OWN_LINE] = whole.code
        for month in report.editions:
            if month <= report.month:
                for unit in self._units:
                    atoms = self.line(unit.code)(month)
                    if atoms:
                        knowledge.lines[self.block(month), report.within, unit.code] = atoms

    def block(self, month: int) -> Block:
        return month, self._report.editions[month], self._way

    def _atoms(self, month: int, is_in: Callable[[str | None, Atom], bool]) -> Atoms:
        report = self._report
        return tuple(
            atom
            for atom in self._places.atoms(month)
            if is_in(self._places.line(month, atom, report.month, report.within), atom)
        )

    def line(self, code: str) -> Subject:
        """A unit of today, or what it was."""
        return lambda month: self._atoms(month, lambda line, _atom: line == code)

    def _codes(self, group: str) -> set[str]:
        return {unit.code for unit in self._units if unit.group == group}

    def group(self, group: str) -> Subject:
        """The units of a group of today."""
        codes = self._codes(group)
        if self._shown.names_small:
            codes &= self._shown.shown
        return lambda month: self._atoms(month, lambda line, _atom: line in codes)

    def group_before(self, group: str) -> Subject:
        """A group as it is compared with: of today, or of then where nobody of it is in a unit."""
        report = self._report
        if self._shown.names_small:
            return self.group(group)
        codes = self._codes(group)

        def of(month: int, line: str | None, atom: Atom) -> bool:
            top = self._places.unit(month, self._places.top(month, atom.unit))
            if report.within is not None:
                return line in codes
            if line is None or self._places.is_unchanged(month, report.month):
                return top.group == group
            return line in codes

        return lambda month: self._atoms(month, lambda line, atom: of(month, line, atom))

    def whole(self) -> Subject:
        """Everybody, or everybody within the unit reported on."""
        inside = self._report.within is not None
        if self._shown.names_small:
            return self._printed_whole
        return lambda month: self._atoms(month, lambda line, _: line is not None or not inside)

    def _printed_whole(self, month: int) -> Atoms | None:
        """The sum of the printed lines: today's by this report, another month's by its own."""
        if month != self._report.month:
            return None
        shown = self._shown.shown | (self._shown.hidden if self._shown.small else set())
        return self._atoms(month, lambda line, _atom: line in shown)

    def small(self) -> Subject:
        """The line of small units together."""
        hidden = self._shown.hidden
        return lambda month: (
            self._atoms(month, lambda line, _atom: line in hidden)
            if month == self._report.month
            else None
        )

    def look(self, file: ReadFile) -> None:
        """Which units are shown, in which order, with which ranks."""
        shown = self._shown
        texts = [*file.texts, *(line.name for table in file.tables for line in table.lines)]
        shown.names_small |= any(SMALL in text for text in texts)
        for table in file.tables:
            for line in table.lines:
                code = self._names.get(line.name)
                if line.name.startswith(SMALL) and _is_filled(line):
                    shown.small = True
                if code is None or RANK not in line.cells:
                    continue
                order = shown.order.setdefault(line.group, [])
                if code not in order and line.group:
                    order.append(code)
                if table.caption.startswith(("Đơn vị theo nhóm", "Tất cả đơn vị")):
                    (shown.shown if _is_filled(line) else shown.hidden).add(code)
                rank = line.cells[RANK]
                number = printed(rank.text.split(" ")[0]).exact
                if number is not None:
                    was = shown.ranks.get(code, (0, False))[1]
                    shown.ranks[code] = int(number), was or "đồng hạng" in rank.text
                moved = line.cells.get(MOVED)
                if number is not None and moved is not None and moved.exact is not None:
                    shown.before[code] = int(number + moved.exact)
                elif number is not None and moved is not None and not moved.text:
                    shown.before.setdefault(code, int(number))

    def read(self, file: ReadFile) -> None:
        about = next((self._names[each] for each in file.titles if each in self._names), None)
        subject = self.line(about) if about is not None else self.whole()
        for table in file.tables:
            self._table(table, subject)
        for text in file.texts:
            self._sentence(text, about, subject)

    def _subject(self, table: Table, line: Line, about: Subject) -> Subject | None:
        name = line.name
        if name == WHOLE:
            return self.whole()
        if name == GROUP_SUM:
            return self.group(line.group)
        if name.startswith(SMALL):
            return self.small()
        if name in self._names:
            return self.line(self._names[name])
        if any(unit.group == name for unit in self._units):
            return self.group(name)
        if name in STEPS or MONTH.fullmatch(name) or "Số hộp thư" in line.cells:
            return about
        if "Số người" in line.cells:
            return about
        return None

    def _table(self, table: Table, about: Subject) -> None:
        month = self._report.month
        kinds: dict[str, int] = {"exempt": 0, "excluded": 0}
        merged = False
        for line in table.lines:
            subject = self._subject(table, line, about)
            if subject is None:
                continue
            of = _month_of(line.name)
            self._line(line, subject, month if of is None else of)
            for label, whom in (("Đơn vị", about), ("Nhóm", self._beside(about))):
                if of is not None and label in line.cells and line.cells[label].low is not None:
                    self._share(whom, of, ("regular", "judged"), line.cells[label])
            people = line.cells.get("Số người", Value("")).exact
            kind = line.cells.get("Hình thức")
            if people is not None and kind is not None and line.name != SUM:
                named = _kind(kind.text)
                merged |= named is None
                if named is not None:
                    kinds[named] += int(people)
            if people is not None and kind is not None and line.name == SUM:
                self._count(self.whole(), month, "out_of_scope", people)
                for named, number in kinds.items():
                    self._at_least(named, number, exactly=not merged)

    def _beside(self, about: Subject) -> Subject:
        """The group of the unit that a page is about."""
        here = about(self._report.month) or ()
        for unit in self._units:
            if here and self.line(unit.code)(self._report.month) == here:
                return self.group(unit.group)
        return lambda _month: None

    def _at_least(self, figure: str, number: int, *, exactly: bool) -> None:
        atoms = self.whole()(self._report.month)
        if atoms:
            terms = self._knowledge.people.figure(self.block(self._report.month), atoms, figure)
            high = number if exactly else float("inf")
            self._knowledge.people.unknowns.know(terms, number, high)

    def _line(self, line: Line, subject: Subject, month: int) -> None:
        for label, value in line.cells.items():
            if value.low is None:
                continue
            if label in COUNTS and value.exact is not None:
                self._count(subject, month, COUNTS[label], value.exact)
            elif label == "Số người" and line.name in STEPS and value.exact is not None:
                self._count(subject, month, STEPS[line.name], value.exact)
            elif label == "Số hộp thư" and line.name == SUM and value.exact is not None:
                self._count(self.whole(), month, "unmeasured", value.exact)
            elif label in SHARES:
                self._share(subject, month, SHARES[label], value)
            elif label == GAP:
                self._share(subject, month, ("regular", "judged"), value, -self._target())
            elif label == PREVIOUS:
                before = self.group_before(line.group or line.name)
                is_group = line.name == GROUP_SUM or any(u.group == line.name for u in self._units)
                self._share(
                    before if is_group else subject, month - 1, ("regular", "judged"), value
                )
            elif (of := _month_of(label)) is not None:
                self._share(subject, of, ("regular", "judged"), value)
            elif label == "Toàn bộ" and (of := _month_of(line.name)) is not None:
                self._share(self.whole(), of, ("regular", "judged"), value)
        remarks = line.cells.get("Ghi chú")
        if remarks is not None and line.name in self._names and _is_filled(line):
            self._figures_of(remarks.text, subject)
            if "Thuộc diện (1)" in line.cells:
                self._exempt(subject, has_many=bool(MANY_EXEMPT.search(remarks.text)))

    def _target(self) -> Fraction:
        return self._report.rules.target * 100

    def _exempt(self, subject: Subject, *, has_many: bool) -> None:
        """The remark says that more than a tenth is exempt, or its absence that no more are."""
        month = self._report.month
        atoms = subject(month)
        if not atoms:
            return
        most = self._report.rules.max_exempt_share
        people, block = self._knowledge.people, self.block(month)
        terms = combined(
            (people.figure(block, atoms, "exempt"), most.denominator),
            (people.figure(block, atoms, "staff"), -most.numerator),
        )
        if has_many:
            people.unknowns.know(terms, 1)
        else:
            people.unknowns.know(terms, high=0)

    def _count(self, subject: Subject, month: int, figure: str, value: Fraction) -> None:
        if month in self._report.editions and (atoms := subject(month)):
            self._knowledge.count(self.block(month), atoms, figure, value)

    def _share(
        self,
        subject: Subject,
        month: int,
        parts: tuple[str, str],
        value: Value,
        less: Fraction = Fraction(0),
    ) -> None:
        if month in self._report.editions and (atoms := subject(month)):
            self._knowledge.share(self.block(month), atoms, parts, value, less)

    def _sentence(self, text: str, about: str | None, subject: Subject) -> None:
        month = self._report.month
        for group in {unit.group for unit in self._units}:
            if f". {group}: " in text:  # a document's sentence on a group
                self._figures_of(text, self.group(group))
                return
        # A notice above all figures is about the whole, on pages of units too.
        self._figures_of(text, self.whole() if ABOVE.search(text) else subject)
        if NOBODY_SILENT in text:
            self._count(subject, month, "unmeasured", Fraction(0))
        if about is not None and (ranked := RANKED.search(text)):
            group = self._places.unit(month, about).group
            self._shown.ranked[group] = int(ranked[1])
        if about is not None and (place := PLACE.match(text)):
            self._shown.ranks[about] = int(place[1]), place[2] is not None
        if about is not None and (rank := PREVIOUS_RANK.search(text)):
            self._shown.before[about] = int(rank[1])
        if share := PREVIOUS_SHARE.search(text):
            self._share(subject, month - 1, ("regular", "judged"), printed(share[1]))

    def _figures_of(self, text: str, subject: Subject) -> None:
        for pattern, figures in SENTENCES.items():
            for found in pattern.finditer(text):
                for figure, number in zip(figures, found.groups(), strict=True):
                    value = Fraction(number.replace(".", ""))
                    self._count(subject, self._report.month, figure, value)
        for pattern, shares in SHARE_SENTENCES.items():
            for found in pattern.finditer(text):
                for parts, share in zip(shares, found.groups(), strict=True):
                    self._share(subject, self._report.month, parts, printed(share))


def _is_filled(line: Line) -> bool:
    return any(label in COUNTS and value.low is not None for label, value in line.cells.items())


def _kind(text: str) -> str | None:
    if text.startswith(EXEMPT_KINDS):
        return "exempt"
    return "excluded" if text.startswith(EXCLUDED_KINDS) else None


def _month_of(text: str) -> int | None:
    """Which month a label names, counted from 0."""
    found = MONTH.fullmatch(text)
    if found is None:
        return None
    names = [(month.month, month.year) for month in MONTHS]
    month = int(found[1]), int(found[2])
    return names.index(month) if month in names else None
