"""The ranking on the terminal: whole, aligned, and no wider than the terminal."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from rich.cells import cell_len

from mailaudit.cli import console
from mailaudit.cli.ranking import leaves_out, ranking_lines
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import GroupRanking, NotRanked, Ranking, Standing, TrendPoint
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, UnitUsage
from mailaudit.publication.publish import publish

LONG = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh"


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    before = console._chosen
    console.choose_language("vi")
    yield
    console._chosen = before


def a_standing(name: str, regular: int, rank: int | None = None, **changes: object) -> Standing:
    counts = Counts(staff=40, in_scope=40, provided=40, regular=regular)
    usage = UnitUsage(Unit("H1", name, "Sở, ban, ngành"), counts)
    values: dict[str, object] = {"grade": "Tốt" if rank else None} | changes
    return Standing(usage, rank, **values)  # type: ignore[arg-type]


def a_ranking(*standings: Standing) -> Ranking:
    total = sum((standing.usage.counts for standing in standings), Counts())
    group = GroupRanking("Sở, ban, ngành", standings, total)
    this = TrendPoint(Period(2026, 10), total, ())
    return Ranking(this.period, (group,), total, None, (this,))


def printed(ranking: Ranking, width: int | None, *, every: bool = True) -> list[str]:
    publication = publish(ranking, Audience.IT, Rules())
    return [line.plain for line in ranking_lines(publication, width, every=every)]


RANKING = a_ranking(
    a_standing("Sở Nội vụ", 40, 1, tied=True, change=Fraction(1, 8)),
    a_standing("Sở Y tế", 40, 1, tied=True, change=Fraction(-1, 8)),
    a_standing(LONG, 20, 3, change=Fraction(0)),
    a_standing("Thanh tra", 1, not_ranked=NotRanked.LOW_COVERAGE),
)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """And nothing is cut: every word of the longest name is there."""
    lines = printed(RANKING, width)
    assert max(map(cell_len, lines)) <= width
    words = " ".join(lines).split()
    assert all(word in words for word in LONG.split())


def test_name_keeps_its_line_where_there_is_room() -> None:
    """At 120 columns and in a pipe a unit is one line; at 80 its figures stand in the first."""
    for width in (120, None):
        (line,) = [line for line in printed(RANKING, width) if "Đoàn" in line]
        assert LONG in line
    lines = printed(RANKING, 80)
    (first,) = [number for number, line in enumerate(lines) if "Văn phòng" in line]
    assert "50,0" in lines[first]
    assert lines[first + 1].strip() in LONG


def test_numbers_stand_under_each_other() -> None:
    """Marks of decimals in one column, whatever the sign, in every width."""
    for width in (80, 120, None):
        rows = [line for line in printed(RANKING, width) if "40" in line and "," in line]
        marks = [[at for at, letter in enumerate(row) if letter == ","] for row in rows]
        shares = {row[0] for row in marks}
        changes = {row[1] for row in marks if len(row) > 1}
        assert len(rows) >= 4
        assert (len(shares), len(changes)) == (1, 1)


def test_ties_and_unranked_units_are_marked() -> None:
    """1 twice, then 3; a dash and a short reason for who has no rank."""
    lines = printed(RANKING, None)
    assert [line.split()[0] for line in lines if "Tốt" in line] == ["1", "1", "3"]
    (unranked,) = [line for line in lines if "Thanh tra" in line]
    assert unranked.split()[0] == "–"
    assert unranked.endswith("thiếu dữ liệu")
    assert "đồng hạng" not in "".join(printed(a_ranking(a_standing("Sở Nội vụ", 40, 1)), 80))


def test_a_trial_of_one_unit_leaves_out_the_others() -> None:
    """Units with nobody on the list are counted below, whether all are printed or the ends only."""
    usage = UnitUsage(Unit("H2", "Sở trống", "Sở, ban, ngành"), Counts())
    empty = [Standing(usage, None, not_ranked=NotRanked.NOBODY_IN_SCOPE) for _number in range(9)]
    ranking = a_ranking(a_standing("Sở Nội vụ", 40, 1), *empty)
    exempt = Counts(staff=40, exempt=40)
    usage = UnitUsage(Unit("H3", "Sở được miễn", "Sở, ban, ngành"), exempt)
    everybody = a_ranking(Standing(usage, None, not_ranked=NotRanked.NOBODY_IN_SCOPE))

    for every in (True, False):
        lines = printed(ranking, 80, every=every)
        assert not any("trống" in line or "đơn vị không xếp hạng" in line for line in lines)
        assert lines[-1] == "Không in 9 đơn vị không có ai trong danh sách."
    assert not leaves_out(publish(ranking, Audience.IT, Rules()))
    assert any("Sở được miễn" in line for line in printed(everybody, 80))
    assert not any("Không in" in line for line in printed(everybody, 80))


def test_marks_apart_from_their_letters_do_not_move_columns() -> None:
    """A name in decomposed form takes the room it shows."""
    from unicodedata import normalize

    name = "Sở Tư pháp và Hộ tịch"
    both = [a_ranking(a_standing(form, 40, 1)) for form in (name, normalize("NFD", name))]
    composed, decomposed = ([normalize("NFC", line) for line in printed(r, 80)] for r in both)
    assert composed == decomposed


def test_name_can_not_write_to_the_terminal() -> None:
    """Escape sequences and markup of a name are shown, not obeyed."""
    lines = "\n".join(printed(a_ranking(a_standing("[red]\x1b[31mX", 40, 1)), None))
    assert "\x1b" not in lines
    assert "[red]" in lines


def a_long_ranking(ranked: int, unranked: int) -> Ranking:
    """Units called by their place: 01, 02, …; those without a rank last."""
    names = [f"{place:02d}" for place in range(1, ranked + unranked + 1)]
    return a_ranking(
        *(a_standing(name, 40, int(name)) for name in names[:ranked]),
        *(a_standing(name, 1, not_ranked=NotRanked.LOW_COVERAGE) for name in names[ranked:]),
    )


@pytest.mark.parametrize(
    ("ranked", "unranked", "shown"),
    [
        (7, 0, "01 02 03 04 05 06 07"),
        (4, 3, "01 02 03 04 05 06 07"),
        (8, 0, "01 02 03 … 2 đơn vị ở giữa 06 07 08"),
        (7, 1, "01 02 03 04 05 06 07 … 1 đơn vị không xếp hạng"),
        (40, 2, "01 02 03 … 34 đơn vị ở giữa 38 39 40 … 2 đơn vị không xếp hạng"),
        (2, 6, "01 02 … 6 đơn vị không xếp hạng"),
        (0, 8, "… 8 đơn vị không xếp hạng"),
    ],
)
def test_best_and_worst_three_of_a_group_are_printed(
    ranked: int, unranked: int, shown: str
) -> None:
    """Of up to seven units all; how many are left out is said, and the sums are of everybody."""
    ranking = a_long_ranking(ranked, unranked)
    lines = printed(ranking, 80, every=False)
    group = next(n for n, line in enumerate(lines) if "Sở, ban, ngành" in line)
    total = next(n for n, line in enumerate(lines) if "Cộng nhóm" in line)
    units = [
        line if "…" in line else line.split()[1]
        for line in map(str.strip, lines[group + 1 : total])
    ]
    assert " ".join(units) == shown
    assert lines[total].split()[2].replace(".", "") == str(40 * (ranked + unranked))
    assert leaves_out(publish(ranking, Audience.IT, Rules())) == ("…" in shown)
    everything = printed(ranking, 80)
    assert len(everything) == ranked + unranked + len(lines) - len(units)
    assert max(map(cell_len, lines)) <= 80


def test_lines_have_no_trailing_blanks() -> None:
    """What is piped can be compared and pasted."""
    assert all(line == line.rstrip() for line in printed(RANKING, None))
