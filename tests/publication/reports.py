"""The files of a report read into what is known.

The reader knows the rules: who is shown and who is not, which month is compared with which, what
became of units. Nothing is assumed of people beyond that.
"""

import re
from copy import deepcopy
from fractions import Fraction

from documents import read_card, read_document
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
    USES,
)
from knowledge import Knowledge, Shown
from linear import combined
from pages import read_page
from provinces import MONTHS
from publishing import Published
from reading import GROUP_SUM, SMALL, SUM, WHOLE, Line, ReadFile, Table, Value, printed
from subjects import Subject, Subjects
from workbooks import read_workbook

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


def learn(knowledge: Knowledge, report: Published) -> None:
    """Everything in the files of a report."""
    files = [found for name, content in report.files.items() if (found := read(name, content))]
    shown = Shown()
    if report.head is not None:  # one page, read beside the report that everybody has
        shown = deepcopy(
            next(
                known
                for other, known in reversed(knowledge.reports)
                if (other.month, other.within) == (report.month, report.within)
            )
        )
    reader = _Reader(knowledge, report, shown)
    for file in files:
        reader.look(file)
    if shown.names_small:  # units that stand in no line are the small ones, whom a note names
        shown.hidden |= set(reader.names.values()) - shown.shown
    for file in files:
        reader.read(file)
    knowledge.reports.append((report, shown))


class _Reader(Subjects):
    """Reads the files of one report."""

    def look(self, file: ReadFile) -> None:
        """Which units are shown, in which order, with which ranks."""
        shown = self.shown
        texts = [*file.texts, *(line.name for table in file.tables for line in table.lines)]
        shown.names_small |= any(SMALL in text for text in texts)
        if not any(each in self.names for each in file.titles):
            for line in (line for table in file.tables for line in table.lines):
                of, people = _month_of(line.name), line.cells.get("Thuộc diện (1)", Value("")).exact
                if of is not None and of != self.report.month and people is not None:
                    self.see_whole(of, people)
        for table in file.tables:
            for line in table.lines:
                code = self.names.get(line.name)
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
        about = next((self.names[each] for each in file.titles if each in self.names), None)
        subject = self.line(about) if about is not None else self.whole()
        for table in file.tables:
            self._table(table, subject)
        for text in file.texts:
            self._sentence(text, about, subject)

    def _subject(self, line: Line, about: Subject) -> Subject | None:
        name = line.name
        if name == WHOLE:
            return self.whole()
        if name == GROUP_SUM:
            return self.group(line.group)
        if name.startswith(SMALL):
            return self.small()
        if name in self.names:
            return self.line(self.names[name])
        if any(unit.group == name for unit in self.units):
            return self.group(name)
        if name in STEPS or MONTH.fullmatch(name) or "Số hộp thư" in line.cells:
            return about
        if "Số người" in line.cells:
            return about
        return None

    def _table(self, table: Table, about: Subject) -> None:
        month = self.report.month
        kinds: dict[str, int] = {"exempt": 0, "excluded": 0}
        merged = False
        for line in table.lines:
            subject = self._subject(line, about)
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
        here = about(self.report.month) or ()
        for unit in self.units:
            if here and self.line(unit.code)(self.report.month) == here:
                return self.group(unit.group)
        return lambda _month: None

    def _at_least(self, figure: str, number: int, *, exactly: bool) -> None:
        atoms = self.whole()(self.report.month)
        if atoms:
            terms = self.knowledge.people.figure(self.block(self.report.month), atoms, figure)
            high = number if exactly else float("inf")
            self.knowledge.people.unknowns.know(terms, number, high)

    def _line(self, line: Line, subject: Subject, month: int) -> None:
        for label, value in line.cells.items():
            if value.low is None:
                continue
            if label in COUNTS and value.exact is not None:
                self._count(subject, month, COUNTS[label], value.exact)
            elif label in USES and value.exact is not None:
                self._count(subject, month, USES[label], value.exact)
            elif label == "Số người" and line.name in STEPS and value.exact is not None:
                self._count(subject, month, STEPS[line.name], value.exact)
            elif label == "Số hộp thư" and line.name == SUM and value.exact is not None:
                self._count(self.whole(), month, "unmeasured", value.exact)
            elif label in SHARES:
                self._share(subject, month, SHARES[label], value)
            elif label == GAP:
                self._share(subject, month, ("regular", "judged"), value, -self._target())
            elif label == PREVIOUS:
                before = self.group(line.group or line.name)
                is_group = line.name == GROUP_SUM or any(u.group == line.name for u in self.units)
                self._share(
                    before if is_group else subject, month - 1, ("regular", "judged"), value
                )
            elif (of := _month_of(label)) is not None:
                self._share(subject, of, ("regular", "judged"), value)
            elif label == "Toàn bộ" and (of := _month_of(line.name)) is not None:
                self._share(self.whole(), of, ("regular", "judged"), value)
        remarks = line.cells.get("Ghi chú")
        if remarks is not None and line.name in self.names and _is_filled(line):
            self._figures_of(remarks.text, subject)
            if "Thuộc diện (1)" in line.cells:
                self._exempt(subject, has_many=bool(MANY_EXEMPT.search(remarks.text)))

    def _target(self) -> Fraction:
        return self.report.rules.target * 100

    def _exempt(self, subject: Subject, *, has_many: bool) -> None:
        """The remark says that more than a tenth is exempt; the public never reads it."""
        month = self.report.month
        atoms = subject(month)
        if not atoms:
            return
        most = self.report.rules.max_exempt_share
        people, block = self.knowledge.people, self.block(month)
        terms = combined(
            (people.figure(block, atoms, "exempt"), most.denominator),
            (people.figure(block, atoms, "staff"), -most.numerator),
        )
        if has_many:
            people.unknowns.know(terms, 1)

    def _count(self, subject: Subject, month: int, figure: str, value: Fraction) -> None:
        if month in self.report.editions and (atoms := subject(month)):
            self.knowledge.count(self.block(month), atoms, figure, value)

    def _share(
        self,
        subject: Subject,
        month: int,
        parts: tuple[str, str],
        value: Value,
        less: Fraction = Fraction(0),
    ) -> None:
        if month in self.report.editions and (atoms := subject(month)):
            self.knowledge.share(self.block(month), atoms, parts, value, less)

    def _sentence(self, text: str, about: str | None, subject: Subject) -> None:
        month = self.report.month
        for group in {unit.group for unit in self.units}:
            if f". {group}: " in text:  # a document's sentence on a group
                self._figures_of(text, self.group(group))
                return
        # A notice above all figures is about the whole, on pages of units too.
        self._figures_of(text, self.whole() if ABOVE.search(text) else subject)
        if NOBODY_SILENT in text:
            self._count(subject, month, "unmeasured", Fraction(0))
        if about is not None and (ranked := RANKED.search(text)):
            group = self.places.unit(month, about).group
            self.shown.ranked[group] = int(ranked[1])
        if about is not None and (place := PLACE.match(text)):
            self.shown.ranks[about] = int(place[1]), place[2] is not None
        if about is not None and (rank := PREVIOUS_RANK.search(text)):
            self.shown.before[about] = int(rank[1])
        if share := PREVIOUS_SHARE.search(text):
            self._share(subject, month - 1, ("regular", "judged"), printed(share[1]))

    def _figures_of(self, text: str, subject: Subject) -> None:
        for pattern, figures in SENTENCES.items():
            for found in pattern.finditer(text):
                for figure, number in zip(figures, found.groups(), strict=True):
                    value = Fraction(number.replace(".", ""))
                    self._count(subject, self.report.month, figure, value)
        for pattern, shares in SHARE_SENTENCES.items():
            for found in pattern.finditer(text):
                for parts, share in zip(shares, found.groups(), strict=True):
                    self._share(subject, self.report.month, parts, printed(share))


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
