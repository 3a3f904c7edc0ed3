"""People: who stands in the lists twice, and at which of the rows they count."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from mailaudit.errors import N_
from mailaudit.model.lineage import Lineage
from mailaudit.model.reading import RowKind
from mailaudit.model.roster import Problem, Staff
from mailaudit.model.wording import folded
from mailaudit.roster.errors import BadCell
from mailaudit.roster.staff_list import StaffList

_HOSTED = re.compile(r"kiêm nhiệm|nhận biệt phái|biệt phái từ|tăng cường từ", re.IGNORECASE)
_HOSTED_TITLE = re.compile(r"\(\s*kiêm nhiệm|^kiêm nhiệm|kiêm nhiệm\s*\)?$", re.IGNORECASE)
_SENT = re.compile(r"biệt phái|tăng cường", re.IGNORECASE)
MOST = 0.5  # of a sheet's people; a copy of another month's list repeats nearly all
FEW = 3  # people of a sheet; where so many are repeated, it is not by chance

ONE_MAILBOX = N_(
    'the mailbox "{code}" is also at {first}, with another name or staff code: correct the row that'
    " is wrong, or write the same name in both if they are one person"
)
ONE_CODE = N_(
    'the staff code "{code}" is also at {first}, and the names do not show that both rows are one'
    " person: write the same name in both, or give two people two codes; where codes begin anew in"
    " each unit, put the unit's code in front"
)
# What stands for an apostrophe in names such as H'Hen.
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02b9\u2032`\u00b4"), "'")


class UnitClaim(IntEnum):
    """How likely the unit of a row is the one that pays the person; the greatest counts."""

    HOSTED = 0  # kiêm nhiệm; seconded from another unit
    PLAIN = 1
    SENT = 2  # seconded to another unit: the sender pays
    PAID = 3  # the list says so in a column of its own


def claim_of(*words: str, job_title: str, paid_here: bool | None) -> UnitClaim:
    """What the words of a row (status, category, note) say of who pays.

    Args:
        paid_here: Whether the column of the paying unit names this one; None where it is empty.
    """
    if paid_here is not None:
        return UnitClaim.PAID if paid_here else UnitClaim.HOSTED
    if any(map(_HOSTED.search, words)) or _HOSTED_TITLE.search(job_title):
        return UnitClaim.HOSTED
    return UnitClaim.SENT if any(map(_SENT.search, words)) else UnitClaim.PLAIN


@dataclass(slots=True)
class _Entry:
    """A person, the row at which they count, and their staff code, "" where no row has one."""

    staff: Staff
    claim: UnitClaim
    source: StaffList
    number: int
    code: str


class People:
    """The people met so far, each once."""

    def __init__(self) -> None:
        self.remarks: list[Problem] = []
        self._entries: list[_Entry] = []
        self._known: dict[str, int] = {}  # staff codes and addresses, which have an "@"
        self._repeats: Counter[tuple[int, int]] = Counter()  # of two lists, by id

    def staff(self) -> tuple[Staff, ...]:
        """Everybody, in the order they were first met."""
        return tuple(entry.staff for entry in self._entries)

    def add(self, staff: Staff, claim: UnitClaim, source: StaffList, number: int) -> None:
        """Counts the person of a row, or reports at which row they count already.

        Raises:
            BadCell: The row's address or code is somebody else's, or may be: counting only one of
                two people, as lists whose codes begin anew in each unit would have it, drops the
                other unseen.
        """
        addresses = [address for address in (staff.mailbox, *staff.aliases) if address]
        code = "" if staff.key in (staff.mailbox, staff.row) else staff.key
        identities = [*addresses, staff.key]
        met = {self._known[identity] for identity in identities if identity in self._known}
        if not met:
            source.kinds[number] = RowKind.STAFF
            self._entries.append(_Entry(staff, claim, source, number, code))
            self._remember(identities, len(self._entries) - 1)
            return
        identity = next(identity for identity in identities if identity in self._known)
        position = self._known[identity]
        before = self._entries[position]
        if len(met) > 1:
            other = next(name for name in reversed(identities) if name in self._known)
            raise BadCell(
                N_('"{first}" stands at {row}, but "{second}" at {other}: two people, or one?'),
                first=identity,
                row=before.staff.row,
                second=other,
                other=self._entries[self._known[other]].staff.row,
            )
        another_code = bool(code and before.code) and code not in self._known
        by_code = identity not in addresses
        # Codes may begin anew in each unit: then only the name shows that two rows are one person.
        elsewhere = by_code and staff.unit_code != before.staff.unit_code
        two_mailboxes = by_code and bool(staff.mailbox and before.staff.mailbox)
        must_be_given = another_code or elsewhere or two_mailboxes
        if not _same_name(staff.name, before.staff.name, must_be_given=must_be_given):
            message = ONE_CODE if by_code else ONE_MAILBOX
            raise BadCell(message, code=identity, first=before.staff.row)
        self._remember(identities, position)
        self._count_once(before, _Entry(staff, claim, source, number, code), identity)

    def repeated_lists(self, lists: list[StaffList]) -> list[Problem]:
        """A fault for each list most of whose people stand in one list before it.

        Such a list is last month's, or a copy; reading both would count who has left.
        """
        by_id = {id(source): source for source in lists}
        faults = []
        for (again, first), count in self._repeats.items():
            if again == first or count < FEW or count <= MOST * len(by_id[again].rows):
                continue
            faults.append(
                Problem(
                    by_id[again].header.place,
                    N_(
                        "{count} of {all} people of this sheet stand on the sheet at {other} too;"
                        " keep the one that counts, or name it in roster.sheets"
                    ),
                    (
                        ("count", str(count)),
                        ("all", str(len(by_id[again].rows))),
                        ("other", by_id[first].header.place),
                    ),
                )
            )
        return faults

    def _remember(self, identities: list[str], position: int) -> None:
        self._known.update(dict.fromkeys(identities, position))

    def _count_once(self, before: _Entry, again: _Entry, identity: str) -> None:
        self._repeats[id(again.source), id(before.source)] += 1
        counted, other = (again, before) if again.claim > before.claim else (before, again)
        if again.claim == before.claim:
            message = N_('"{identity}" stands at {first} already and is counted there only')
        elif counted.claim is UnitClaim.PAID:
            message = N_(
                '"{identity}" is paid at {first}, as the lists say, and is counted there only'
            )
        else:
            message = N_(
                '"{identity}" is counted at {first} only: by what the two rows say (status, job'
                " title, note), the person belongs there"
            )
        self.remarks.append(
            Problem(
                other.staff.row, message, (("identity", identity), ("first", counted.staff.row))
            )
        )
        counted.source.kinds[counted.number] = RowKind.STAFF
        other.source.kinds[other.number] = RowKind.REPEATED
        mailbox = counted.staff.mailbox or other.staff.mailbox
        aliases = dict.fromkeys((*counted.staff.aliases, *other.staff.aliases))
        dropped = other.staff.mailbox
        if mailbox is not None and dropped is not None and dropped not in (mailbox, *aliases):
            if mailbox in aliases:
                aliases[dropped] = None
            else:
                self._report_dropped(dropped, other.staff.row, mailbox, counted.staff.row)
        others = tuple(alias for alias in aliases if alias != mailbox)
        staff = replace(counted.staff, mailbox=mailbox, aliases=others, key=before.staff.key)
        position = self._known[identity]
        code = before.code or again.code
        self._entries[position] = replace(counted, staff=staff, code=code)

    def _report_dropped(self, dropped: str, row: str, mailbox: str, first: str) -> None:
        """Names an address that is not asked; it is not an alias, for it may be another mailbox."""
        message = N_(
            '"{dropped}" is not asked, for {first} has "{mailbox}"; correct the one that is wrong,'
            " or name it as another address if both are one mailbox"
        )
        values = (("dropped", dropped), ("first", first), ("mailbox", mailbox))
        self.remarks.append(Problem(row, message, values))


def _same_name(first: str, second: str, *, must_be_given: bool) -> bool:
    """Whether two names may be one person's: equal or, unless it must be given, one not given."""
    if not first or not second:
        return not must_be_given
    return folded(first.translate(_APOSTROPHES)) == folded(second.translate(_APOSTROPHES))


TWICE = N_(
    '"{old}" is now "{new}", which stands at {first}: keep one of the two rows, or leave the domain'
    " out of organisation.renamed_domains until it has moved"
)


def same_mailboxes(staff: Sequence[Staff], lineage: Lineage) -> tuple[Problem, ...]:
    """A fault for each row whose mailbox is that of another row, under its former domain."""
    if not lineage.mail_domains:
        return ()
    rows = {person.mailbox: person.row for person in staff if person.mailbox is not None}
    faults = []
    for mailbox, row in rows.items():
        newest = lineage.newest_address(mailbox)
        if newest != mailbox and newest in rows:
            values = (("old", mailbox), ("new", newest), ("first", rows[newest]))
            faults.append(Problem(row, TWICE, values))
    return tuple(faults)
