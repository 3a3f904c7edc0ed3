"""compare(): where a staff list and the directory disagree."""

from collections.abc import Iterator, Sequence
from datetime import date

from mailaudit.model.directory import Account, Difference, DifferenceKind
from mailaudit.model.roster import Roster, Staff
from mailaudit.model.rules import Rules
from mailaudit.model.wording import folded


def compare(
    roster: Roster, accounts: Sequence[Account], rules: Rules, today: date
) -> tuple[Difference, ...]:
    """Every disagreement, in the order of DifferenceKind, then of the list and of the directory.

    A person is matched by address, aliases too, then by staff code, never by name. Somebody is
    gone whose status is one of `Rules.left_statuses` and began, with or without a date.
    """
    matcher = _Matcher(accounts)
    found: list[Difference] = []
    owned: set[str] = set()
    for person in roster.staff:
        account = matcher.account_of(person)
        if account is not None:
            owned.add(account.dn)
        found += _differences(person, account, matcher, _is_gone(person, rules, today))
    found += [
        Difference(DifferenceKind.ORPHAN, account=account)
        for account in accounts
        if account.enabled and account.addresses and account.dn not in owned
    ]
    order = list(DifferenceKind)
    return tuple(sorted(found, key=lambda difference: order.index(difference.kind)))


class _Matcher:
    """Accounts by address and by staff code."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._by_address = {
            address: account for account in accounts for address in account.addresses
        }
        self._by_code: dict[str, Account] = {}
        for account in accounts:
            if account.staff_code:
                self._by_code.setdefault(account.staff_code, account)

    def account_of(self, person: Staff) -> Account | None:
        """The person's account: by code where the address is somebody else's."""
        by_code = self.by_code(person)
        if by_code is not None:
            return by_code
        return self.by_address(person)

    def by_address(self, person: Staff) -> Account | None:
        addresses = [person.mailbox] if person.mailbox else []
        known = (self._by_address.get(address) for address in (*addresses, *person.aliases))
        return next((account for account in known if account is not None), None)

    def by_code(self, person: Staff) -> Account | None:
        return self._by_code.get(person.key)


def _differences(
    person: Staff, account: Account | None, matcher: _Matcher, gone: bool
) -> Iterator[Difference]:
    """What is wrong with one person's account and address."""
    if account is None:
        if not gone:
            kind = DifferenceKind.UNKNOWN_ADDRESS if person.mailbox else DifferenceKind.NO_MAILBOX
            yield Difference(kind, person)
        return
    if gone:
        if account.enabled:
            yield Difference(DifferenceKind.GONE_BUT_ENABLED, person, account)
        return
    owner = matcher.by_address(person)
    if owner is not None and owner is not account:
        yield Difference(DifferenceKind.OTHER_OWNER, person, owner)
    elif account.mailbox is None:
        yield Difference(DifferenceKind.NO_MAILBOX, person, account)
    elif person.mailbox != account.mailbox:
        yield Difference(DifferenceKind.ADDRESS_DIFFERS, person, account)
    if not account.enabled:
        yield Difference(DifferenceKind.DISABLED, person, account)


def _is_gone(person: Staff, rules: Rules, today: date) -> bool:
    if folded(person.status) not in rules.left_statuses:
        return False
    return person.status_from is None or person.status_from <= today
