"""Builders: a small province whose every figure is known, and the Report of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.objections import NO_OBJECTIONS, Objections
from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.model.ranking import (
    GroupRanking,
    Incomparable,
    Line,
    NotRanked,
    Origin,
    Ranking,
    Standing,
    TrendPoint,
)
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.usage import (
    Counts,
    Measurement,
    OutOfScope,
    Silence,
    StaffState,
    StaffUsage,
    UnitUsage,
    UnnamedWord,
    WordKind,
)
from mailaudit.publication.publish import publish
from mailaudit.report.compose import compose
from mailaudit.report.own_line_name import with_own_line_named
from mailaudit.report.tables import Cell, Table
from mailaudit.report.value import Report, Section

PERIOD = Period(2026, 10)
SEPTEMBER = Period(2026, 9)
DEPARTMENTS = "Sở, ban, ngành"
AGENCIES = "Đơn vị sự nghiệp"
ORGANISATION = "Ủy ban nhân dân tỉnh Lâm Đồng"


def counts(
    in_scope: int,
    regular: int,
    *,
    provided: int | None = None,
    unmeasured: int = 0,
    exempt: int = 0,
    excluded: int = 0,
) -> Counts:
    """Sums of a unit whose regular users are all its readers and senders."""
    return Counts(
        staff=in_scope + exempt + excluded,
        exempt=exempt,
        excluded=excluded,
        in_scope=in_scope,
        provided=in_scope if provided is None else provided,
        unmeasured=unmeasured,
        read=regular,
        sent=regular,
        regular=regular,
    )


def a_standing(
    code: str,
    name: str,
    group: str,
    sums: Counts,
    *,
    rank: int | None = None,
    tied: bool = False,
    not_ranked: NotRanked | None = None,
    grade: str | None = None,
    previous: Fraction | None = None,
    short_of: int | None = None,
    small: bool = False,
    many_exempt: bool = False,
) -> Standing:
    share = sums.regular_share
    change = None if share is None or previous is None else share - previous
    return Standing(
        usage=UnitUsage(Unit(code, name, group), sums),
        rank=rank,
        tied=tied,
        not_ranked=not_ranked,
        grade=grade,
        previous_share=previous,
        change=change,
        short_of=short_of,
        small=small,
        many_exempt=many_exempt,
    )


def departments() -> tuple[Standing, ...]:
    """Four ranked units, two of them tied, and one with too little coverage."""
    return (
        a_standing(
            "H01",
            "Sở Nội vụ",
            DEPARTMENTS,
            counts(50, 44, provided=48, unmeasured=2, exempt=5, excluded=5),
            rank=1,
            grade="Tốt",
            previous=Fraction(7, 8),
        ),
        a_standing(
            "H02",
            "Sở Tài chính",
            DEPARTMENTS,
            counts(24, 20),
            rank=2,
            tied=True,
            grade="Khá",
            previous=Fraction(21, 24),
            short_of=2,
        ),
        a_standing(
            "H03",
            "Sở Tư pháp",
            DEPARTMENTS,
            counts(12, 10),
            rank=2,
            tied=True,
            grade="Khá",
            short_of=1,
        ),
        a_standing(
            "H04",
            "Sở Y tế",
            DEPARTMENTS,
            counts(1000, 833),
            rank=4,
            grade="Khá",
            previous=Fraction(1, 2),
            short_of=67,
        ),
        a_standing(
            "H05",
            "Thanh tra tỉnh",
            DEPARTMENTS,
            counts(20, 12, unmeasured=4, exempt=5),
            not_ranked=NotRanked.LOW_COVERAGE,
            many_exempt=True,
        ),
    )


def agencies() -> tuple[Standing, ...]:
    """A small unit that is ranked, one too small for it, one with nobody in scope."""
    return (
        a_standing(
            "H06",
            "Bảo tàng tỉnh",
            AGENCIES,
            counts(8, 4),
            rank=1,
            grade="Yếu",
            short_of=1,
            small=True,
        ),
        a_standing("H07", "Quỹ Đầu tư", AGENCIES, counts(3, 3), not_ranked=NotRanked.TOO_FEW),
        a_standing(
            "H08",
            "Đội xe",
            AGENCIES,
            counts(0, 0, exempt=4),
            not_ranked=NotRanked.NOBODY_IN_SCOPE,
            many_exempt=True,
        ),
    )


def a_group(
    name: str, standings: Sequence[Standing], previous: Counts | None = None
) -> GroupRanking:
    total = sum((standing.usage.counts for standing in standings), Counts())
    return GroupRanking(name, tuple(standings), total, previous)


def a_ranking(groups: Sequence[GroupRanking] | None = None) -> Ranking:
    """Both groups beside the month before, in which only three units could be compared."""
    if groups is None:
        groups = (
            a_group(DEPARTMENTS, departments(), counts(1000, 700)),
            a_group(AGENCIES, agencies(), None),
        )
    total = sum((group.total for group in groups), Counts())
    before = counts(1000, 700, unmeasured=100)
    units = tuple(
        (standing.usage.unit.code, standing.usage.counts)
        for group in groups
        for standing in group.standings
    )
    earlier = (("H01", counts(48, 42)), ("H05", counts(20, 10, unmeasured=6)))
    return Ranking(
        period=PERIOD,
        groups=tuple(groups),
        total=total,
        previous_total=before,
        trend=(a_month(SEPTEMBER, before, earlier), a_month(PERIOD, total, units)),
    )


def a_month(period: Period, total: Counts, units: Sequence[tuple[str, Counts]]) -> TrendPoint:
    """A month of units that are today's, and of others, together, that are gone."""
    lines = [Line(code, sums, frozenset({code})) for code, sums in units]
    gone = total - sum((sums for _, sums in units), Counts())
    if gone != Counts():
        lines.append(Line("gone", gone, frozenset({""})))
    return TrendPoint(period, total, tuple(units), lines=tuple(lines))


def without_mail() -> Ranking:
    """The departments in a month in which nobody sent or received anything."""
    standings = tuple(
        a_standing(
            standing.usage.unit.code,
            standing.usage.unit.name,
            DEPARTMENTS,
            replace(standing.usage.counts, read=0, sent=0, regular=0),
            not_ranked=NotRanked.NO_MAIL,
        )
        for standing in departments()
    )
    *earlier, this = a_ranking((a_group(DEPARTMENTS, standings),)).trend
    why_not = Origin((), Incomparable.NO_MAIL)
    silent = replace(
        this,
        origins=tuple((code, why_not) for code, _ in this.units),
        comparable=False,
        partial_groups=frozenset({DEPARTMENTS}),
        silence=Silence.NO_MAIL,
    )
    return replace(
        a_ranking((a_group(DEPARTMENTS, standings),)),
        previous_total=None,
        trend=(*earlier, silent),
        silence=Silence.NO_MAIL,
    )


def a_person(
    key: str,
    unit_code: str,
    state: StaffState,
    *,
    reason: Reason | None = None,
    detail: str = "",
    category: str = "",
    status: str = "",
    status_from: date | None = None,
) -> StaffUsage:
    mailbox = f"{key}@lamdong.example"
    name = f"Người thứ {key}"
    staff = Staff(key, unit_code, mailbox, name, category, status, status_from)
    taken_out = {StaffState.EXEMPT: OutOfScope.CATEGORY, StaffState.EXCLUDED: OutOfScope.AWAY}
    return StaffUsage(staff, unit_code, state, reason, detail, out_of_scope=taken_out.get(state))


def a_measurement(
    ranking: Ranking,
    people: Sequence[StaffUsage] | None = None,
    unnamed: Sequence[UnnamedWord] | None = None,
) -> Measurement:
    """The ranking's units, with those people who are listed one by one."""
    if people is None:
        denied, late = Reason.ACCESS_DENIED, Reason.TIMED_OUT
        people = (
            *(
                a_person(f"u{n}", "H05", StaffState.UNMEASURED, reason=late, detail="timeout")
                for n in range(4)
            ),
            a_person("d1", "H01", StaffState.UNMEASURED, reason=denied, detail="ErrorAccessDenied"),
            a_person("d2", "H01", StaffState.UNMEASURED, reason=denied, detail="ErrorAccessDenied"),
            a_person(
                "e1",
                "H01",
                StaffState.EXCLUDED,
                status="Thai sản",
                status_from=date(2026, 9, 1),
            ),
            a_person("e2", "H01", StaffState.EXCLUDED, status="thai  sản"),
            a_person("e3", "H01", StaffState.EXCLUDED, status="đi học"),
            a_person("x1", "H01", StaffState.EXEMPT, category="hợp đồng lao động"),
            a_person("m1", "H01", StaffState.MEASURED),
        )
    units = (standing.usage for group in ranking.groups for standing in group.standings)
    if unnamed is None:
        unnamed = (UnnamedWord(WordKind.STATUS, "nghỉ phép", 3),)
    return Measurement(tuple(people), tuple(units), tuple(unnamed))


def a_snapshot(*, sealed: bool = True, server: str = "mail.lamdong.example") -> Snapshot:
    return Snapshot(
        period=PERIOD,
        edition=1,
        cut_off_at=datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
        sealed_at=datetime(2026, 11, 1, 2, 0, tzinfo=UTC) if sealed else None,
        roster=Roster((DEPARTMENTS, AGENCIES), (), (), "aa" * 32),
        outcomes={},
        source=SourceInfo("ews", server, "Exchange2016", "svc-audit"),
        tool_version="0.1.0",
        digest="0f" * 32,
    )


def a_calendar(*, known: bool = True, provisional: bool = False) -> WorkCalendar:
    return WorkCalendar(
        off=frozenset({date(2026, 10, 1)}),
        years=frozenset({2026}) if known else frozenset(),
        provisional_years=frozenset({2026}) if provisional else frozenset(),
    )


def a_report(
    *,
    lang: str = "vi",
    ranking: Ranking | None = None,
    measurement: Measurement | None = None,
    snapshot: Snapshot | None = None,
    rules: Rules | None = None,
    calendar: WorkCalendar | None = None,
    organisation: str = ORGANISATION,
    audience: Audience = Audience.IT,
    names: bool = False,
    illustrative: bool = False,
    objections: Objections = NO_OBJECTIONS,
) -> Report:
    spoken, rules, ranking = language(lang), rules or Rules(), ranking or a_ranking()
    measurement = measurement or a_measurement(ranking)
    ranking, measurement = with_own_line_named(ranking, measurement, spoken)
    return compose(
        organisation,
        snapshot or a_snapshot(),
        measurement,
        ranking,
        publish(ranking, audience, rules),
        rules,
        calendar or a_calendar(),
        language=spoken,
        names=names,
        illustrative=illustrative,
        objections=objections,
    )


def a_report_of(text: str) -> Report:
    """A report with `text` wherever a text from people or servers can stand."""
    groups = (a_group(text, [_renamed(standing, text) for standing in departments()]),)
    ranking = a_ranking(groups)
    people = (
        StaffUsage(
            Staff("k", "H01", text, text, text, text),
            "H01",
            StaffState.UNMEASURED,
            Reason.TIMED_OUT,
            text,
        ),
        a_person("e1", "H01", StaffState.EXCLUDED, status=text),
        a_person("x1", "H01", StaffState.EXEMPT, category=text),
    )
    return a_report(
        ranking=ranking,
        measurement=a_measurement(ranking, people, [UnnamedWord(WordKind.STATUS, text, 1)]),
        snapshot=a_snapshot(server=text),
        organisation=text,
    )


def _renamed(standing: Standing, name: str) -> Standing:
    unit = replace(standing.usage.unit, name=name, group=name)
    return replace(standing, usage=replace(standing.usage, unit=unit))


def section_of(report: Report, key: str) -> Section:
    return next(section for section in report.sections if section.key == key)


def table_of(report: Report, key: str) -> Table:
    return next(t for section in report.sections for t in section.tables if t.key == key)


def cells_of(table: Table, row_key: str) -> dict[str, Cell]:
    """The cells of the first row about `row_key`, by column."""
    row = next(row for group in table.groups for row in group.rows if row.key == row_key)
    return named(table, row.cells)


def named(table: Table, cells: Sequence[Cell]) -> dict[str, Cell]:
    return dict(zip((column.key for column in table.columns), cells, strict=True))
