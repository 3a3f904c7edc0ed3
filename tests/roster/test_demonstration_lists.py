"""The demonstration province's lists, which the audit must read without a remark."""

from pathlib import Path

from mailaudit.demo.province import Province
from mailaudit.roster import read_roster


def test_demonstration_lists_are_read_whole(tmp_path: Path) -> None:
    """Everybody is there, with the mailbox, unit and status the province knows them by."""
    province = Province()
    staff, units = tmp_path / "roster.csv", tmp_path / "units.csv"
    staff.write_text(province.roster_csv(), encoding="utf-8-sig", newline="")
    units.write_text(province.units_csv(), encoding="utf-8-sig", newline="")
    roster, problems = read_roster(staff, units)

    assert problems == ()
    assert [
        (p.key, p.mailbox or "", p.unit_code, p.status, p.status_from) for p in roster.staff
    ] == [(p.code, p.address, p.unit_code, p.status, p.status_from) for p in province.staff]
    assert set(province.addresses) <= set(roster.mailboxes())
    assert all(unit.head_name for unit in roster.units)
