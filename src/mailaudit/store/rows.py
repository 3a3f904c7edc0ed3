"""Model values to table rows and back, without loss."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import repeat
from typing import Any

from sqlalchemy import RowMapping

from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.merge import merge_activities
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import SourceInfo, joined

Row = dict[str, Any]

_PART = ("name", "kind", "server", "version", "account", "reported")
_WIDTH = len(DayActivity._fields)
# What is left out of a day, by how many values are there.
_ZEROS = [(0,) * (_WIDTH - count) for count in range(_WIDTH + 1)]
_compact_json = json.JSONEncoder(separators=(",", ":")).encode  # made once: it is used a lot


def instant_text(moment: datetime) -> str:
    """An instant as UTC ISO text. Raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant must have a time zone")
    return moment.astimezone(UTC).isoformat()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def pack_days(days: tuple[DayActivity, ...], period: Period) -> str:
    """Days as compact JSON: [day of the month, sent, received, …], zeros at the end left out.

    A count added to DayActivity later leaves the text of days without it as it was.

    Raises:
        ValueError: A day lies outside the Period, or they are not in order.
    """
    packed: list[list[int]] = []
    for activity in days:
        day, *counts = activity  # in this order, which therefore can only be added to
        if (day.year, day.month) != (period.year, period.month):
            raise ValueError(f"{day} is not a day of {period}")
        if packed and day.day <= packed[-1][0]:
            raise ValueError(f"{day} is out of order")
        while counts and counts[-1] == 0:
            del counts[-1]
        packed.append([day.day, *counts])
    return _compact_json(packed)


def unpack_days(text: str, calendar_days: Mapping[int, date]) -> tuple[DayActivity, ...]:
    """The days of `pack_days`; `calendar_days` has the Period's dates by day of the month.

    Raises:
        ValueError, TypeError, LookupError: The text is no such days.
    """
    # As DayActivity._make, but quicker: a report on two years reads fifteen million days.
    days = json.loads(text)
    for day in days:
        day[0] = calendar_days[day[0]]
        day.extend(_ZEROS[len(day)])  # no such number of counts: IndexError
    return tuple(map(tuple.__new__, repeat(DayActivity), days))


def outcome_row(outcome: Outcome, period: Period) -> Row:
    """The row of an outcome that counts as it was seen, without its snapshot."""
    row: Row = {
        "mailbox": outcome.mailbox,
        "observed_at": instant_text(outcome.observed_at),
        "days": None,
        "last_sent_at": None,
        "reason": None,
        "detail": None,
        "seen_days": None,
        "seen_last_sent_at": None,
        "forwards_to": None,
        "server": outcome.server,
    }
    if isinstance(outcome, Unmeasured):
        return row | {"reason": outcome.reason.value, "detail": outcome.detail}
    last = outcome.last_sent_at
    return row | {
        "days": pack_days(outcome.days, period),
        "last_sent_at": None if last is None else instant_text(last),
        "forwards_to": outcome.forwards_to,
    }


def merged_row(
    earlier: Mapping[str, Any], seen: Activity, period: Period, calendar_days: Mapping[int, date]
) -> Row:
    """The row of an Activity that counts together with what earlier collections saw.

    What was seen is kept beside what counts where the two differ.
    """
    row = outcome_row(seen, period)
    if earlier["days"] == row["days"]:  # of most mailboxes, and quicker to compare than to merge
        known = _activity_of(earlier, seen.days)
    else:
        known = _activity_of(earlier, unpack_days(earlier["days"], calendar_days))
    merged = merge_activities(known, seen)
    if merged == seen:
        return row
    if (merged.days, merged.last_sent_at) == (seen.days, seen.last_sent_at):
        of_both = {"forwards_to": merged.forwards_to, "server": merged.server}
        return row | {"observed_at": instant_text(merged.observed_at)} | of_both
    return outcome_row(merged, period) | {
        "seen_days": row["days"],
        "seen_last_sent_at": row["last_sent_at"],
    }


def outcome_of(row: Mapping[str, Any], calendar_days: Mapping[int, date]) -> Outcome:
    """The outcome of a row."""
    if row["days"] is None:
        observed_at = instant(row["observed_at"])
        reason = Reason(row["reason"])
        return Unmeasured(row["mailbox"], observed_at, reason, row["detail"], row["server"])
    return _activity_of(row, unpack_days(row["days"], calendar_days))


def _activity_of(row: Mapping[str, Any], days: tuple[DayActivity, ...]) -> Activity:
    last = row["last_sent_at"]
    return Activity(
        mailbox=row["mailbox"],
        observed_at=instant(row["observed_at"]),
        days=days,
        last_sent_at=None if last is None else instant(last),
        forwards_to=row["forwards_to"],
        server=row["server"],
    )


def pack_parts(source: SourceInfo) -> str:
    """The servers of a source as JSON, a list of tables; empty of one alone that is as Exchange."""
    if not source.parts and source.knows == EXCHANGE:
        return ""
    parts = [
        {name: getattr(part, name) for name in _PART} | {"knows": sorted(part.knows)}
        for part in source.each
    ]
    return json.dumps(parts, ensure_ascii=False)


def source_of(row: Mapping[str, Any] | RowMapping) -> SourceInfo:
    """The source of a snapshot's row."""
    source = SourceInfo(
        kind=row["source_kind"],
        server=row["source_server"],
        version=row["source_version"],
        account=row["source_account"],
        reported=row["source_reported"],
    )
    if not row["source_parts"]:
        return source
    parts = [
        SourceInfo(**{**part, "knows": frozenset(map(Knowledge, part["knows"]))})
        for part in json.loads(row["source_parts"])
    ]
    if [part.name for part in parts] == [""]:
        return replace(source, knows=parts[0].knows)
    return replace(source, knows=joined(parts).knows, parts=tuple(parts))


def unit_rows(roster: Roster) -> Iterator[Row]:
    for position, unit in enumerate(roster.units):
        yield {
            "position": position,
            "code": unit.code,
            "name": unit.name,
            "group_name": unit.group,
            "parent": unit.parent,
            "head_name": unit.head_name,
            "head_address": unit.head_address,
        }


def unit_of(row: Mapping[str, Any]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        group=row["group_name"],
        parent=row["parent"],
        head_name=row["head_name"],
        head_address=row["head_address"],
    )


def staff_rows(roster: Roster) -> Iterator[Row]:
    for position, person in enumerate(roster.staff):
        yield {
            "position": position,
            "key": person.key,
            "unit_code": person.unit_code,
            "mailbox": person.mailbox,
            "name": person.name,
            "category": person.category,
            "status": person.status,
            "status_from": person.status_from and person.status_from.isoformat(),
            "status_to": person.status_to and person.status_to.isoformat(),
            "row": person.row,
            "job_title": person.job_title,
            "aliases": " ".join(person.aliases),
            "server": person.server,
        }


def staff_of(row: Mapping[str, Any]) -> Staff:
    since, until = row["status_from"], row["status_to"]
    return Staff(
        key=row["key"],
        unit_code=row["unit_code"],
        mailbox=row["mailbox"],
        name=row["name"],
        category=row["category"],
        status=row["status"],
        status_from=since and date.fromisoformat(since),
        status_to=until and date.fromisoformat(until),
        row=row["row"],
        job_title=row["job_title"],
        aliases=tuple(row["aliases"].split()),
        server=row["server"],
    )


def correction_rows(made: Iterable[AppliedCorrection]) -> Iterator[Row]:
    for position, one in enumerate(made):
        correction = one.correction
        since, until = correction.status_from, correction.status_to
        yield {
            "position": position,
            "edition": one.edition,
            "fits": int(one.fits),
            "person": correction.person,
            "kind": correction.kind.value,
            "value": correction.value,
            "status_from": since and since.isoformat(),
            "status_to": until and until.isoformat(),
            "reason": correction.reason,
            "document": correction.document,
            "approved_by": correction.approved_by,
            "approved_on": correction.approved_on.isoformat(),
            "row": correction.row,
        }


def made_of(row: Mapping[str, Any], month: str) -> AppliedCorrection:
    since, until = row["status_from"], row["status_to"]
    correction = Correction(
        month=month,
        person=row["person"],
        kind=CorrectionKind(row["kind"]),
        value=row["value"],
        status_from=since and date.fromisoformat(since),
        status_to=until and date.fromisoformat(until),
        reason=row["reason"],
        document=row["document"],
        approved_by=row["approved_by"],
        approved_on=date.fromisoformat(row["approved_on"]),
        row=row["row"],
    )
    return AppliedCorrection(correction, row["edition"], bool(row["fits"]))
