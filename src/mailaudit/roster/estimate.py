"""Public holidays of years no calendar file knows, computed by the package holidays."""

from collections.abc import Iterable

from mailaudit.model.calendar import CalendarDay

SOURCE = "holidays (PyPI)"


def estimated_days(years: Iterable[int]) -> tuple[CalendarDay, ...]:
    """Viet Nam's public holidays of these years, in order, each provisional.

    Swapped days are decided by the Government year by year; those the package has not heard of
    are missing, which is why whatever is made with these days says so.
    """
    wanted = sorted(set(years))
    if not wanted:
        return ()
    import holidays  # takes a while to load, and is needed once in a few years

    found = holidays.country_holidays("VN", years=wanted, language="vi")
    off = [CalendarDay(day, False, name, SOURCE, True) for day, name in found.items()]
    worked = [
        CalendarDay(day, True, "", SOURCE, True)
        for day in found.weekend_workdays
        if day.year in wanted
    ]
    return tuple(sorted(off + worked, key=lambda day: day.day))
