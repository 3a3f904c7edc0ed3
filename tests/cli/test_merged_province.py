"""A merged province measured by three kinds of sources, each a real one: from the check of the
set-up to the pack for a review no figure joins two kinds, and what is unknown is no 0."""

import csv
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest
from command_line import Ran
from mixed_province import (
    COMMUNES,
    DATA,
    DEPARTMENTS,
    IMAP,
    JUNE,
    LOGS,
    MAY,
    MOVED,
    SERVERS,
    UNITS,
    Expected,
    Province,
    a_merged_province,
    domains_of,
)
from packed_months import members, readable

from dovecot_builders import needs_dovecot
from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.store import SnapshotStore

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real mail traffic is not beside the project"),
    needs_dovecot,
]

BOTH = ("--from", "2026-05-01", "--to", "2026-06-30")
READ, SENT, REGULAR = "Có truy cập", "Có gửi", "Thường xuyên (4)"
RATE, BEFORE, CHANGE = "Tỷ lệ thường xuyên % (4/(1−3))", "Kỳ trước %", "Tăng/giảm (điểm %)"
DEEDS = (READ, SENT, REGULAR, RATE, "Xếp hạng")
OTHER_KIND = "khi đó và kỳ này không đo từ cùng một loại nguồn"
FEW = {"U25", "U26", "U27"}  # units of fewer than five people

Rows = list[dict[str, str]]


class Audited(NamedTuple):
    """The province after all commands; what each printed, by its name."""

    province: Province
    ran: Mapping[str, Ran]

    def table(self, period: str, name: str) -> Rows:
        """A table of the pack of a period."""
        packed = members((self.province.folder / f"{period}.zip").read_bytes())
        text = packed[f"tables/{name}.csv"].decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text)))

    def files(self) -> Iterator[tuple[str, str]]:
        """Everything that was written for readers, as text, but for files that list people."""
        for folder in ("out/05-public", "out/06-public", "handed-in"):
            for path in sorted((self.province.folder / folder).rglob("*.*")):
                if path.suffix != ".png":
                    yield str(path.relative_to(self.province.folder)), readable(path.read_bytes())
        for period in ("05", "06"):
            packed = members((self.province.folder / f"{period}.zip").read_bytes())
            for name, content in packed.items():
                if name.startswith("tables/"):
                    yield f"{period}/{name}", content.decode("utf-8-sig")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    with a_merged_province(tmp_path_factory.mktemp("merged")) as served:
        yield served


@pytest.fixture(scope="module")
def audited(province: Province) -> Audited:
    return Audited(province, all_commands(province))


def all_commands(province: Province) -> Mapping[str, Ran]:
    """Audits two months, between which the third domain is moved from logs to Dovecot."""
    ran: dict[str, Ran] = {}

    def run(name: str, *arguments: str | Path, code: int = 0) -> None:
        ran[name] = province.run(*arguments)
        assert ran[name].code == code, ran[name]

    for month, name in ((MAY, "05"), (JUNE, "06")):
        province.configure(is_moved=month == JUNE)
        period = ("--period", str(month))
        low = 6 if month == MAY else 0  # coverage is too low where the logs do not say enough
        # The recorded logs end before the month that is checked, which is the one before today's.
        run(f"check {name}", "check", code=3 if month == MAY else 0)
        run(f"collect {name}", "collect", *period)
        for audience in ("public", "leader", "it"):
            to = ("--audience", audience, "--out", f"out/{name}-{audience}")
            run(f"report {name} {audience}", "report", *period, *to, "--all", code=low)
        run(f"unit-report {name}", "unit-report", *period, "--out", f"handed-in/{name}", code=low)
        run(f"export {name}", "export", "activity", *period, "--out", f"{name}.csv")
        run(f"pack {name}", "pack", *period, "--audience", "it", "--out", f"{name}.zip")
    run("report both", "report", *BOTH, "--out", "out/both", code=6)
    run("pack both", "pack", *BOTH, "--audience", "it", "--out", "both.zip")
    run("compare", "compare", str(MAY), str(JUNE))
    run("history", "history")
    for name in ("05", "06", "both"):
        run(f"verify {name}", "verify", f"{name}.zip", "--config", "mailaudit.toml")
    return ran


def test_check_speaks_of_every_server(audited: Audited) -> None:
    """How many mailboxes each has, and of the logs which days are missing; nothing else fails."""
    for name, servers in (
        ("check 05", SERVERS.values()),
        ("check 06", [*list(SERVERS.values())[:2], MOVED]),
    ):
        lines = audited.ran[name].out.splitlines()
        for server, count in zip(servers, (216, 352, 248), strict=True):
            assert any(f"{server} phụ trách {count} hộp thư" in line for line in lines), lines
        failures = [line for line in lines if line.startswith("LỖI")]
        logs = [f"EX0{number}" for number in (1, 2)] if name == "check 05" else []
        assert [next((one for one in logs if one in line), line) for line in failures] == logs


@pytest.mark.parametrize("month", [MAY, JUNE], ids=str)
def test_each_kind_counts_what_really_happened(audited: Audited, month: Period) -> None:
    """For all 816 mailboxes; what the logs do not say is blank."""
    name = f"{month.month:02d}"
    with (audited.province.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["mailbox"]: row for row in csv.DictReader(file)}
    with (DATA / f"eu-core-expected-{month}.csv").open(encoding="utf-8-sig", newline="") as file:
        counted = {row["mailbox"].partition("@")[0]: row for row in csv.DictReader(file)}
    assert len(found) == 816
    assert found.keys() == audited.province.people.keys()
    for box, did in audited.province.expected[month].items():
        row, (local, _, domain) = found[box], box.partition("@")
        by_logs = domain == LOGS and month == MAY
        numbers = {key: str(getattr(did, key)) for key in ("sent", "received", "read", "sent_days")}
        assert numbers == {key: counted[local][key] for key in numbers}
        regular = "yes" if did.is_regular else "no"
        expected = numbers | {"state": "measured", "regular": regular}
        if by_logs:
            expected |= {"read": "", "regular": "", "reason": "unknown to the source"}
        assert {key: row[key] for key in expected} == expected, box
        assert row["server"] == (MOVED if domain == LOGS and not by_logs else SERVERS[domain])


def ranks(units: Mapping[str, Expected]) -> dict[str, int]:
    """The rank of each unit among those of its group and kind, where it has one."""
    found = {}
    for code, one in units.items():
        if one.share is not None and not one.unmeasured and code not in FEW:
            rivals = [
                other.share
                for rival, other in units.items()
                if rival not in FEW and group_of(rival, other) == group_of(code, one)
            ]
            found[code] = 1 + sum(share > one.share for share in rivals if share is not None)
    return found


def group_of(code: str, unit: Expected) -> str:
    """The part of its group that a unit stands in."""
    listed = DEPARTMENTS if int(code[1:]) < 13 else COMMUNES
    return f"{listed} · {' + '.join(sorted(unit.kinds))}"


def percent(text: str) -> float | None:
    return float(text) if text else None


def near(share: Fraction | None) -> object:
    return None if share is None else pytest.approx(float(100 * share), abs=0.0001)


@pytest.mark.parametrize("month", [MAY, JUNE], ids=str)
def test_every_rate_rank_and_change_is_of_one_kind(audited: Audited, month: Period) -> None:
    """Each is what the traffic says, within the kind; beside units of two kinds stands nothing."""
    units = {code: audited.province.unit(code, month) for code in UNITS}
    before = {code: audited.province.unit(code, MAY) for code in UNITS}
    rows = audited.table(f"{month.month:02d}", "ranking")
    by_name = {row["Tên đơn vị"]: row for row in rows}
    expected_ranks = ranks(units)
    for code, unit in units.items():
        row = by_name[UNITS[code]]
        assert (row["Thuộc diện (1)"], row["Chưa đo được (3)"]) == (
            str(unit.in_scope),
            str(unit.unmeasured),
        )
        assert percent(row[RATE]) == near(unit.share), (code, row)
        if code not in FEW:
            assert row["Nhóm"].partition(". ")[2] == group_of(code, unit)
        assert row["Xếp hạng"].partition(" ")[0] == str(expected_ranks.get(code, "")), (code, row)
        if unit.share is None:
            assert [row[label] for label in DEEDS] == [""] * len(DEEDS), (code, row)
        else:
            assert row[REGULAR] == str(unit.regular)
        is_like = month == JUNE and before[code].kinds == unit.kinds and unit.share is not None
        then = before[code].share if is_like else None
        assert percent(row[BEFORE]) == near(then), (code, row)
        change = unit.share - then if unit.share is not None and then is not None else None
        assert percent(row[CHANGE]) == near(change), (code, row)
        if month == JUNE and not is_like:
            assert OTHER_KIND in row["Ghi chú"], (code, row)
    sums = [row for row in rows if row["Tên đơn vị"] in ("Cộng nhóm", "TỔNG CỘNG")]
    shown = {code: unit for code, unit in units.items() if code not in FEW}
    for row in sums:
        name = row["Nhóm"].partition(". ")[2]
        parts = [u for code, u in shown.items() if name in ("", group_of(code, u))]
        whole = sum(parts, Expected(frozenset(), 0, 0, 0))
        assert row["Thuộc diện (1)"] == str(whole.in_scope)
        assert percent(row[RATE]) == near(whole.share), row
        if whole.share is None:
            assert {row[label] for label in DEEDS} == {""}


def test_longer_period_counts_the_months_of_one_kind_alone(audited: Audited) -> None:
    """Whoever was moved is judged by the second month, in which the source says enough."""
    may, june = (audited.province.expected[month] for month in (MAY, JUNE))
    by_name = {row["Tên đơn vị"]: row for row in audited.table("both", "ranking")}
    for code, name in UNITS.items():
        unit = audited.province.unit(code, JUNE)
        regular = sum(
            june[box].is_regular and (box.endswith(LOGS) or may[box].is_regular)
            for box, own in audited.province.people.items()
            if own == code
        )
        row = by_name[name]
        assert row["Xếp hạng"] == ""  # one of two months has too little coverage
        assert row[CHANGE] == ""
        if unit.share is None:
            assert [row[label] for label in DEEDS] == [""] * len(DEEDS), (code, row)
        else:
            assert row[REGULAR] == str(regular), (code, row)
            assert percent(row[RATE]) == near(Fraction(regular, unit.in_scope)), (code, row)
    assert by_name["TỔNG CỘNG"][RATE] == ""


def test_no_file_has_a_rate_that_joins_two_kinds(audited: Audited) -> None:
    """Of the whole, of a group and of a unit, in pages, workbooks, documents, cards and tables."""
    joined: set[Fraction] = set()
    own: set[Fraction] = set()
    for month in (MAY, JUNE):
        units = {code: audited.province.unit(code, month) for code in UNITS if code not in FEW}
        groups: dict[str, Expected] = {}
        for code, unit in units.items():
            listed = DEPARTMENTS if int(code[1:]) < 13 else COMMUNES
            for name in ("", listed, group_of(code, unit), " ".join(sorted(unit.kinds))):
                known = groups.get(name)
                groups[name] = unit if known is None else known + unit
        for one in (*units.values(), *groups.values()):
            if one.share is not None:
                own.add(one.share)
            elif one.regular:
                joined.add(Fraction(one.regular, one.in_scope - one.unmeasured))
    printed = {f"{float(100 * share):.1f}".replace(".", ",") for share in own}
    wrong = [
        re.compile(rf"(?<![\d,.−-]){text}(?!\d)")
        for share in joined
        if (text := f"{float(100 * share):.1f}".replace(".", ",")) not in printed
    ]
    exact = {f"{float(100 * share):.6f}"[:-2] for share in joined - own}
    assert len(wrong) > 4
    looked_at = 0
    for name, content in audited.files():
        looked_at += 1
        text = re.sub(r"<[^>]*>", " ", content) if name.endswith(".html") else content
        assert [one for one in exact if one in text] == [], name
        places = [at for pattern in wrong for at in pattern.finditer(text)]
        found = [text[max(at.start() - 60, 0) : at.end()] for at in places]
        assert found == [], (name, found)
    assert looked_at > 150, looked_at


def test_every_break_is_said_where_it_lies(audited: Audited) -> None:
    """On the terminal, in each report of the second month and of both, and for each unit."""
    for name in ("report 05 public", "report 06 it", "report both", "compare"):
        assert "nhiều loại nguồn" in audited.ran[name].out
    said = audited.ran["compare"].out
    lines = said.splitlines()
    for code, name in UNITS.items():
        (at,) = [number for number, line in enumerate(lines) if name in line]
        is_broken = LOGS in domains_of(code) or len(domains_of(code)) > 1
        about = [lines[at], *takewhile(lambda line: line.startswith(27 * " "), lines[at + 1 :])]
        assert any(OTHER_KIND in line for line in about) == is_broken, name
    for period in ("06", "both"):
        for path in (audited.province.folder / "out").rglob(f"{period}*/mailaudit*.*"):
            if path.suffix in (".html", ".xlsx", ".docx", ".pdf") and "brief" not in path.name:
                words = " ".join(readable(path.read_bytes()).split())
                assert "nhiều loại nguồn" in words, path
    both = readable(next((audited.province.folder / "out/both").glob("*.html")).read_bytes())
    assert "TRACKING" in both
    assert "06/2026" in both


def test_months_of_several_kinds_keep_their_coverage(audited: Audited) -> None:
    """Mailboxes can be counted over kinds, rates can't."""
    lines = audited.ran["history"].out.splitlines()
    for month, coverage in ((MAY, "69,6"), (JUNE, "100,0")):
        (at,) = [
            number
            for number, line in enumerate(lines)
            if line.startswith(f"{month.month:02}/{month.year}")
        ]
        assert lines[at].split()[-3:] == [coverage, "–", "–"]
        assert lines[at + 1].strip() == "nhiều loại nguồn"


def test_head_of_a_unit_reads_why_there_is_no_rate(audited: Audited) -> None:
    """Of logs, and of two kinds: that it is the source, and no fault of the unit."""
    units = audited.province.folder / "out/05-leader/mailaudit-2026-05-leader/units"
    for code, because in (
        ("U02", "không đủ thông tin"),
        ("U06", "nhiều loại nguồn"),
        ("U09", "nhiều loại nguồn"),
    ):
        page = readable((units / f"{code}.html").read_bytes())
        assert because in page, code
        assert "để khắc phục" not in page, code


def test_server_that_is_down_leaves_exactly_its_mailboxes_unmeasured(province: Province) -> None:
    province.configure(is_down=True)
    period = ("collect", "--period", str(MAY))
    stopped = province.run(*period)
    assert stopped.code == 4
    assert stopped.err.endswith(f"--without {SERVERS[IMAP]}\n")
    ran = province.run(*period, "--without", SERVERS[IMAP])
    assert ran.code == 6
    with SnapshotStore.at(province.folder / "down.db") as store:
        outcomes = store.load(MAY).outcomes
    for box, outcome in outcomes.items():
        if box.endswith(IMAP):
            assert isinstance(outcome, Unmeasured), box
            assert (outcome.reason, outcome.server) == (Reason.LEFT_OUT, SERVERS[IMAP])
        else:
            assert isinstance(outcome, Activity), box
    said = province.run("report", "--period", str(MAY), "--audience", "it", "--out", "out-down")
    assert said.code == 6
    page = readable(next((province.folder / "out-down").glob("*.html")).read_bytes())
    assert "Máy chủ thư không được hỏi" in page


def test_a_rate_that_is_not_known_is_not_printed_as_one(audited: Audited) -> None:
    """Neither "–%" nor "–/6": that nobody could be judged is said in words."""
    found = [
        path
        for path in (audited.province.folder / "out").rglob("mailaudit*.*")
        if path.suffix in (".html", ".docx", ".pdf") and "brief" not in path.name
    ]
    assert {path.suffix for path in found} >= {".html", ".docx"}
    for path in found:
        words = " ".join(readable(path.read_bytes()).split())
        assert "–%" not in words and "–/" not in words, path
