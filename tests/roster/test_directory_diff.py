"""Where a staff list and the directory disagree."""

from datetime import date

import pytest

from mailaudit.model.directory import Account, DifferenceKind
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.roster.directory import compare, difference_list_of

TODAY = date(2026, 11, 2)
NAMES = {kind: kind.value for kind in DifferenceKind}


def an_account(
    number: int, mailbox: str | None = "", *, enabled: bool = True, aliases: tuple[str, ...] = ()
) -> Account:
    """Person n's account, with the mailbox n@x.vn unless given otherwise."""
    box = f"{number}@x.vn" if mailbox == "" else mailbox
    return Account(
        f"cn={number},dc=x", f"u{number}", enabled, box, aliases, staff_code=f"CB{number}"
    )


def a_person(
    number: int,
    mailbox: str | None = "",
    *,
    status: str = "",
    since: date | None = None,
    aliases: tuple[str, ...] = (),
) -> Staff:
    """Person n on the list, with the mailbox n@x.vn unless given otherwise."""
    box = f"{number}@x.vn" if mailbox == "" else mailbox
    return Staff(
        f"CB{number}", "A", box, f"Người {number}", "", status, since, row=f"r:{number}",
        aliases=aliases,
    )  # fmt: skip


def found(staff: list[Staff], accounts: list[Account]) -> list[tuple[str, str, str]]:
    """Kind, the person's code and the account's login of each difference."""
    roster = Roster(("G",), (Unit("A", "A", "G"),), tuple(staff), "d")
    return [
        (
            difference.kind.value,
            difference.person.key if difference.person else "",
            difference.account.login if difference.account else "",
        )
        for difference in compare(roster, accounts, Rules(), TODAY)
    ]


def test_list_that_agrees_has_no_difference() -> None:
    """By address alone too, where the directory has no staff code."""
    coded, plain = an_account(1), Account("cn=2,dc=x", "u2", True, "2@x.vn")
    assert found([a_person(1), a_person(2)], [coded, plain]) == []


@pytest.mark.parametrize(
    ("person", "account", "kind"),
    [
        (a_person(1, None), None, "no mailbox"),
        (a_person(1, None), an_account(1, None), "no mailbox"),
        (a_person(1), an_account(1, None), "no mailbox"),
        (a_person(1), None, "unknown address"),
        (a_person(1), an_account(1, "new@x.vn"), "address differs"),
        (a_person(1, None), an_account(1), "address differs"),
        (a_person(1, "old@x.vn"), an_account(1, aliases=("old@x.vn",)), "address differs"),
        (a_person(1), an_account(1, enabled=False), "disabled"),
        (a_person(1, status="Nghỉ  hưu"), an_account(1), "gone but enabled"),
        (a_person(1, status="nghỉ hưu", since=TODAY), an_account(1), "gone but enabled"),
        (a_person(1, status="thai sản"), an_account(1, enabled=False), "disabled"),
    ],
)
def test_one_person_is_found_to_differ(person: Staff, account: Account | None, kind: str) -> None:
    """Each kind once, and nothing else of the same person."""
    accounts = [account] if account else []
    assert [difference[0] for difference in found([person], accounts)] == [kind]


@pytest.mark.parametrize(
    ("person", "account"),
    [
        (a_person(1, status="nghỉ hưu"), an_account(1, enabled=False)),
        (a_person(1, None, status="nghỉ hưu"), None),
        (a_person(1, status="nghỉ hưu", since=date(2026, 11, 3)), an_account(1)),
        (a_person(1, aliases=("old@x.vn",)), an_account(1, aliases=("older@x.vn",))),
    ],
)
def test_one_person_is_found_to_agree(person: Staff, account: Account | None) -> None:
    """Gone and disabled, or gone for good; not gone yet; other aliases."""
    assert found([person], [account] if account else []) == []


def test_mailbox_without_an_owner_is_one_that_is_enabled() -> None:
    """Disabled accounts and those without a mailbox are nobody's worry."""
    accounts = [an_account(1), an_account(2), an_account(3, enabled=False), an_account(4, None)]
    assert found([a_person(1)], accounts) == [("orphan", "", "u2")]


def test_address_of_somebody_else_is_reported_with_its_owner() -> None:
    """By code it is person 1's account, by address person 2's: never matched by name."""
    staff = [a_person(1, "2@x.vn"), a_person(2, None)]
    assert found(staff, [an_account(1), an_account(2)]) == [
        ("address differs", "CB2", "u2"),
        ("other owner", "CB1", "u2"),
    ]


def test_alias_finds_the_account() -> None:
    """A list of the old mail domain meets the directory of the new one."""
    account = Account("cn=1,dc=x", "u1", True, "1@moi.vn", ("1@cu.vn",))
    person = Staff("k", "A", "1@cu.vn", row="r:1")
    assert found([person], [account]) == [("address differs", "k", "u1")]
    person = Staff("k", "A", "khong@cu.vn", row="r:1", aliases=("1@moi.vn",))
    assert found([person], [account]) == [("address differs", "k", "u1")]


def test_differences_are_written_with_both_sides() -> None:
    """What the list says and what the directory says stand side by side."""
    roster = Roster(("G",), (Unit("A", "A", "G"),), (a_person(1),), "d")
    differences = compare(roster, [an_account(1, "new@x.vn"), an_account(2)], Rules(), TODAY)
    header, first, second = difference_list_of(differences, NAMES)
    assert len(header) == len(first) == len(second)
    assert first == (
        "address differs", "CB1", "Người 1", "A", "r:1", "1@x.vn", "new@x.vn", "u1", "cn=1,dc=x",
    )  # fmt: skip
    assert second == ("orphan", "CB2", "", "", "", "", "2@x.vn", "u2", "cn=2,dc=x")
