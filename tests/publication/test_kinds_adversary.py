"""No published file has a figure, a change or a rank in which two kinds of sources meet.

Random provinces are measured by random kinds, by unit and month; their files are read as a stranger
reads them. Which kinds measured whom is known here, and nowhere taken from the program.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from figures import CHANGE, GAP, MONTH, MOVED, PREVIOUS, RANK, SHARES, STEPS, USES
from publishing import the_calendar, the_wording
from reading import GROUP_SUM, WHOLE, Line, ReadFile, Value
from reports import read

from mailaudit import audit
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.knowledge import EXCHANGE
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import SourceInfo, joined
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.rendering import Documents
from mailaudit.roster import read_calendar
from mailaudit.store import SnapshotStore

KINDS = ("ews", "imap", "m365")
MONTHS = (Period(2026, 7), Period(2026, 8), Period(2026, 9))
QUARTER = LongPeriod.of(MONTHS[0].first_day, MONTHS[-1].last_day)
GROUPS = ("Sở, ban, ngành", "UBND xã, phường")
RULES = Rules()
# Columns and lines of what people did, and of what is compared.
DEEDS = frozenset(
    {"Có truy cập", "Có gửi", "Thường xuyên (4)", *USES, *SHARES, GAP, PREVIOUS, CHANGE, RANK}
    | {MOVED, "Toàn bộ", "Đơn vị", "Nhóm"}
) - {"Chưa được cấp", "Chưa đo được", "Tỷ lệ cấp % (2/1)", "Độ phủ %"}
COMPARED = frozenset({PREVIOUS, CHANGE, MOVED})
DONE_STATES = frozenset(USES) - {"Chưa được cấp", "Chưa đo được"}
DONE = frozenset({"Có truy cập", "Có gửi", "Thường xuyên"})
SPARK = re.compile(r"(\d\d)/(\d{4}): [\d,]+%")
LEAST = 5  # people of a unit with figures of its own


@dataclass(slots=True)
class Province:
    """Units, and what of whom was seen in each month.

    Attributes:
        kinds: By unit, month and person, who measured; "" for who was not.
        regular: By person, whether they are in regular use.
    """

    units: tuple[Unit, ...]
    kinds: dict[tuple[str, Period], list[str]] = field(default_factory=dict)
    regular: dict[str, list[bool]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def of(self, code: str, month: Period) -> frozenset[str]:
        """The kinds that measured people of a unit; of the quarter those who had one kind alone."""
        if not isinstance(month, LongPeriod):
            return frozenset(self.kinds[code, month]) - {""}
        people = zip(*(self.kinds[code, each] for each in MONTHS), strict=True)
        one = [kinds for each in people if len(kinds := frozenset(each) - {""}) == 1]
        return frozenset[str]().union(*one)


def a_province(seed: int) -> Province:
    """Of eleven units; sometimes all change their kind in one month."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    units = tuple(
        Unit(f"U{n}", f"Đơn vị {'ABCDEFGHIJK'[n]}", chance.choice(GROUPS)) for n in range(11)
    )
    province = Province(units)
    together = chance.random() < 0.3
    kinds = chance.sample(KINDS, 2)
    for unit in units:
        code, size = unit.code, chance.choice((3, 6, 8, 11, 15, 20))
        province.sizes[code] = size
        province.regular[code] = [chance.random() < 0.6 for _ in range(size)]
        base = kinds[0] if together else chance.choice(kinds)
        for number, month in enumerate(MONTHS):
            if chance.random() < 0.15 or (together and number == 2):
                base = kinds[1] if together else chance.choice(KINDS)
            two = chance.random() < 0.1
            province.kinds[code, month] = [
                "" if chance.random() < 0.01 else chance.choice(kinds) if two else base
                for _ in range(size)
            ]
    return province


def collect(store: SnapshotStore, province: Province, month: Period) -> None:
    """Stores the month as collecting it would have."""
    source = joined(
        [SourceInfo(k, f"{k}.tinh.example", "1", "svc", name=k, knows=EXCHANGE) for k in KINDS]
    )
    people = {
        f"{code.lower()}p{n}@tinh.example": (code, n)
        for code, size in province.sizes.items()
        for n in range(size)
    }
    staff = tuple(Staff(box, code, box) for box, (code, _n) in people.items())
    now = month.end + timedelta(days=1)
    into = store.begin(month, Roster(GROUPS, province.units, staff, "d"), source, now=now)
    days = [day for day in month.days() if day.day < 20]
    outcomes: list[Outcome] = []
    for box in into.pending:
        code, n = people[box]
        kind = province.kinds[code, month][n]
        if not kind:
            outcomes.append(Unmeasured(box, now, Reason.TIMED_OUT, "timeout"))
            continue
        sent = days if province.regular[code][n] else days[:1]
        did = tuple(DayActivity(day, sent=1, received=1, read=1) for day in sent)
        outcomes.append(Activity(box, now, did, server=kind))
    into.record(outcomes)
    into.finish(now + timedelta(hours=1))


def files_of(
    store: SnapshotStore, period: Period, audience: Audience, formats: set[str], folder: Path
) -> dict[str, ReadFile]:
    """The report's files, read."""
    calendar = the_calendar()
    if isinstance(period, LongPeriod):
        calendar = read_calendar(None, range(2025, 2028))
        audited = audit.evaluate_longer(store, period, calendar, RULES)
    else:
        audited = audit.evaluate(store, period, calendar, RULES)
    composed = audit.compose_report(
        audited,
        "Tỉnh",
        calendar,
        RULES,
        language=language("vi"),
        audience=audience,
        names=False,
        illustrative=False,
        register=store,
        despite_difference=True,
    )
    folder.mkdir()
    audit.report(
        composed, Documents(frozenset(formats), Letterhead(), the_wording()), folder, store
    )
    return {
        str(file.relative_to(folder)): found
        for file in sorted(folder.rglob("*"))
        if file.is_file() and (found := read(file.name, file.read_bytes())) is not None
    }


class Judge:
    """Looks for two kinds in what a file has."""

    def __init__(self, province: Province, period: Period, files: Mapping[str, ReadFile]) -> None:
        self.province, self.period = province, period
        self.names = {unit.name: unit.code for unit in province.units}
        self.members: dict[str, set[str]] = {}
        for line in self._lines(files):
            code = self.names.get(line.name)
            if code is not None and line.group and RANK in line.cells:
                self.members.setdefault(line.group, set()).add(code)
        self.looked_at = 0

    def _lines(self, files: Mapping[str, ReadFile]) -> Iterator[Line]:
        return (line for file in files.values() for table in file.tables for line in table.lines)

    def kinds(self, codes: set[str], month: Period) -> frozenset[str]:
        return frozenset[str]().union(*(self.province.of(code, month) for code in codes))

    def counted(self) -> set[str]:
        """The units in the whole at least: those of few people need not be."""
        groups = [codes for name, codes in self.members.items() if name.startswith(GROUPS)]
        return set().union(*groups)

    def codes(self, line: Line, about: set[str]) -> set[str] | None:
        """The units a line is of; None of what is no sum of units."""
        if line.name in self.names:
            return {self.names[line.name]}
        if line.name == GROUP_SUM:
            return self.members[line.group]
        if line.name in self.members:
            return self.members[line.name]
        if line.name == WHOLE:
            return self.counted()
        return about if line.name in STEPS or MONTH.fullmatch(line.name) else None

    def look(self, name: str, file: ReadFile) -> None:
        """At every cell and every text."""
        shown, now = self.counted(), self.period
        about = next(({self.names[t]} for t in file.titles if t in self.names), shown)
        for table in file.tables:
            for line in table.lines:
                codes = self.codes(line, about)
                state = line.cells.get("Tình trạng sử dụng")
                people = line.cells.get("Số người")
                if people is not None and state is not None and state.text in DONE_STATES:
                    self._require(name, state.text, people, self.kinds(about, now))
                listed = re.match(r"([^:]+): (\d+)", line.group)
                if listed is not None and listed[1] in DONE_STATES:
                    value = Value(listed[2], Fraction(listed[2]))
                    self._require(name, line.group, value, self.kinds(about, now))
                if codes:
                    self._line(f"{name}: {table.caption}: {line.name}", line, codes)
            self._ranks(f"{name}: {table.caption}", table.lines)
        for text in file.texts:
            self._text(name, text)

    def _line(self, where: str, line: Line, codes: set[str]) -> None:
        now = self.kinds(codes, self.period)
        is_long = isinstance(self.period, LongPeriod)
        last = self.kinds(codes, MONTHS[-1] if is_long else self.period)
        before = self.period.shifted(-1)
        then = now if isinstance(before, LongPeriod) else self.kinds(codes, before)
        of = MONTH.fullmatch(line.name)
        if of is not None:
            month = Period(int(of[2]), int(of[1]))
            now = self.kinds(codes, month) | (last if month != self.period else frozenset())
        for label, value in line.cells.items():
            column = MONTH.fullmatch(label)
            if column is not None:
                month = Period(int(column[2]), int(column[1]))
                self._require(where, label, value, self.kinds(codes, month) | last)
            elif label in DEEDS and not (label == "Nhóm" and value.low is None):
                compared = now | then if label in COMPARED else now
                self._require(where, label, value, compared)
            elif label == "Số người" and line.name in DONE:
                self._require(where, label, value, now)
            for drawn in SPARK.finditer(value.text):
                month = Period(int(drawn[2]), int(drawn[1]))
                self._require(
                    where, label, Value(drawn[0], Fraction(0)), self.kinds(codes, month) | last
                )

    def _require(self, where: str, label: str, value: Value, kinds: frozenset[str]) -> None:
        if value.low is None:
            return
        self.looked_at += 1
        assert len(kinds) < 2, f"{where}: {label} is {value.text}, of {sorted(kinds)}"

    def _ranks(self, where: str, lines: tuple[Line, ...]) -> None:
        """Those who have a rank in one group are of one kind."""
        ranked: dict[str, set[str]] = {}
        for line in lines:
            rank = line.cells.get(RANK)
            if line.name in self.names and rank is not None and rank.text[:1].isdigit():
                ranked.setdefault(line.group, set()).add(self.names[line.name])
        for group, codes in ranked.items():
            if group in self.members:  # not where lists have units of several groups
                kinds = self.kinds(codes, self.period)
                assert len(kinds) < 2, f"{where}: {group} ranks {sorted(kinds)}"

    def _text(self, name: str, text: str) -> None:
        """No sentence has regular users of the whole, or of a group of the list, over two kinds."""
        for codes in [
            set(self.names.values()),
            self.counted(),
            *({u.code for u in self.province.units if u.group == group} for group in GROUPS),
        ]:
            if len(self.kinds(codes, self.period)) < 2 or isinstance(self.period, LongPeriod):
                continue
            regular = sum(self._regular(code) for code in codes)
            judged = sum(self._judged(code) for code in codes)
            for sentence in (f"{regular}/{judged} người", f"{regular} trên {judged}"):
                assert sentence not in text, f"{name}: {text}"
            if len(self.kinds(codes, self.period)) > 1:
                assert (
                    f"thường xuyên đạt {100 * regular / judged:.1f}".replace(".", ",") not in text
                )

    def _regular(self, code: str) -> int:
        pairs = zip(
            self.province.kinds[code, self.period], self.province.regular[code], strict=True
        )
        return sum(bool(kind) and regular for kind, regular in pairs)

    def _judged(self, code: str) -> int:
        return sum(map(bool, self.province.kinds[code, self.period]))


def rates_by_kind(files: Mapping[str, ReadFile]) -> dict[str, Fraction]:
    """R of each kind in percent, as the page's table of kinds has it."""
    return {
        line.cells["Loại nguồn"].text: value.low
        for file in files.values()
        for table in file.tables
        if table.caption == "Kết quả theo loại nguồn số liệu"
        for line in table.lines
        if (value := line.cells["Tỷ lệ thường xuyên % (4/(1−3))"]).low is not None
    }


def look_through(
    folder: Path, seed: int, formats: set[str], audiences: tuple[Audience, ...]
) -> int:
    """How many figures were looked at in the reports of the last month and of the quarter."""
    province, looked_at = a_province(seed), 0
    with SnapshotStore.at(folder / "store.db") as store:
        for month in MONTHS:
            collect(store, province, month)
        for audience in audiences:
            for period in (*MONTHS[1:], QUARTER):
                place = folder / f"{period} {audience}"
                files = files_of(store, period, audience, formats, place)
                judge = Judge(province, period, files)
                for name, file in files.items():
                    judge.look(name, file)
                assert judge.looked_at
                looked_at += judge.looked_at
                if not isinstance(period, LongPeriod):
                    require_rates(judge, rates_by_kind(files))
    return looked_at


def require_rates(judge: Judge, found: Mapping[str, Fraction]) -> None:
    """Each kind's rate is that of the units with figures that it alone measured."""
    for label, rate in found.items():
        codes = {
            code
            for group, members in judge.members.items()
            if group.endswith(f" · {label}")
            for code in members
        }
        if not codes or label not in {kind.upper() for kind in KINDS}:
            continue
        regular, judged = (sum(map(count, codes)) for count in (judge._regular, judge._judged))
        assert abs(Fraction(100 * regular, judged) - rate) < 0.1, (label, rate)


def test_no_figure_of_a_page_or_workbook_has_two_kinds(tmp_path: Path) -> None:
    assert look_through(tmp_path, 3, {"html"}, (Audience.PUBLIC,)) > 200


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_no_figure_of_any_file_has_two_kinds(tmp_path: Path, seed: int) -> None:
    """Page, workbook, document and card; the public's, the heads' and the IT department's."""
    formats = {"html", "xlsx", "docx", "brief"} if seed % 4 == 0 else {"html", "xlsx"}
    audiences = (Audience.PUBLIC, Audience.LEADER, Audience.IT)
    assert look_through(tmp_path, seed, formats, audiences) > 500
