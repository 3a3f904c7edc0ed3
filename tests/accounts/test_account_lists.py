"""Which accounts are proposed to create, lock and delete, and when nobody is."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from accounts_builders import (
    OCTOBER,
    SEPTEMBER,
    UNITS,
    a_month,
    a_person,
    after,
    did,
    during,
    got,
    lists_of,
    proposed,
    sent,
)

from mailaudit.model.accounts import Dormancy, Ground, PassedOver, Request, Span
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import Outcome, Reason, Unmeasured
from mailaudit.model.roster import Staff, Unit

AUGUST = SEPTEMBER.shifted(-1)


def unmeasured(person: Staff, reason: Reason = Reason.TIMED_OUT) -> Unmeasured:
    return Unmeasured(person.mailbox or "", after(OCTOBER), reason)


@pytest.mark.parametrize(
    ("dormancy", "last", "first"),
    [
        (Dormancy(45), date(2026, 10, 31), date(2026, 9, 17)),
        (Dormancy(30), date(2026, 10, 31), date(2026, 10, 2)),
        (Dormancy(3, in_months=True), date(2026, 10, 31), date(2026, 8, 1)),
        (Dormancy(6, in_months=True), date(2027, 2, 14), date(2026, 8, 15)),
        (Dormancy(3, in_months=True), date(2026, 5, 30), date(2026, 2, 28)),
        (Dormancy(12, in_months=True), date(2026, 12, 31), date(2026, 1, 1)),
    ],
)
def test_span_has_the_days_that_regulations_count(
    dormancy: Dormancy, last: date, first: date
) -> None:
    assert dormancy.first_day(last) == first


def test_somebody_in_scope_without_a_mailbox_is_to_get_one() -> None:
    """Not who is exempt, away, new or gone, nor who has one that could not be measured."""
    without = a_person("k1", mailbox=None)
    exempt = a_person("k2", mailbox=None, category="hợp đồng lao động")
    away = a_person("k3", mailbox=None, status="thai sản")
    gone = a_person("k4", mailbox=None, status="nghỉ hưu", status_from=date(2026, 11, 1))
    has = a_person("k5")
    lists = lists_of(a_month(OCTOBER, [without, exempt, away, gone, has], [unmeasured(has)]))

    assert proposed(lists) == {"k1": Request.CREATE}


def test_address_that_the_server_does_not_know_is_no_missing_mailbox() -> None:
    """It may be misspelt."""
    person = a_person()
    lists = lists_of(a_month(OCTOBER, [person], [unmeasured(person, Reason.NO_MAILBOX)]))

    assert proposed(lists) == {}
    assert lists.passed_over == {("A", PassedOver.UNKNOWN_ADDRESS): 1}


def test_mailbox_without_a_sign_in_the_whole_span_is_to_be_locked() -> None:
    silent, reader, sender, late = (a_person(f"k{n}") for n in range(4))
    september = a_month(
        SEPTEMBER,
        [silent, reader, sender, late],
        [
            did(silent.mailbox, SEPTEMBER, *sent(SEPTEMBER, 16), *got(SEPTEMBER, 20)),
            did(sender.mailbox, SEPTEMBER, *sent(SEPTEMBER, 17)),
        ],
    )
    october = a_month(
        OCTOBER,
        [silent, reader, sender, late],
        [
            did(silent.mailbox, OCTOBER, *got(OCTOBER, 5, 6)),
            did(reader.mailbox, OCTOBER, *got(OCTOBER, 5, read=1)),
            did(late.mailbox, OCTOBER, *sent(OCTOBER, 31)),
        ],
    )
    lists = lists_of(september, october)

    assert lists.span == Span(date(2026, 9, 17), date(2026, 10, 31))
    assert lists.missing == ()
    assert proposed(lists) == {"k0": Request.LOCK}
    (proposal,) = lists.proposals
    assert (proposal.received, proposal.last_sign) == (6, date(2026, 9, 16))
    assert (proposal.unit, proposal.line) == ("Sở A", "A")


def test_not_measured_in_one_month_of_the_span_is_not_locked() -> None:
    person = a_person()
    failed: list[Outcome] = [unmeasured(person)]
    nothing: list[Outcome] = []
    for before, now in ((failed, nothing), (nothing, failed)):
        lists = lists_of(a_month(SEPTEMBER, [person], before), a_month(OCTOBER, [person], now))
        assert proposed(lists) == {}
        assert lists.passed_over == {("A", PassedOver.UNMEASURED): 1}


def test_whoever_only_may_have_read_is_not_locked() -> None:
    """A source that does not know what is read proves no idleness, in any month of the span."""
    idle = a_person()
    before, now = a_month(SEPTEMBER, [idle]), a_month(OCTOBER, [idle])
    assert [one.value for one in proposed(lists_of(before, now)).values()] == ["lock"]
    knows = EXCHANGE - {Knowledge.READ_FLAGS}
    blind = replace(before, source=replace(before.source, knows=knows))
    lists = lists_of(blind, now)
    assert proposed(lists) == {}
    assert lists.passed_over == {("A", PassedOver.UNMEASURED): 1}


def test_not_listed_in_one_month_of_the_span_is_not_locked() -> None:
    """Nobody was asked then."""
    person = a_person()
    lists = lists_of(a_month(SEPTEMBER, []), a_month(OCTOBER, [person]))

    assert proposed(lists) == {}
    assert lists.passed_over == {("A", PassedOver.UNMEASURED): 1}


def test_mailbox_that_was_asked_before_the_span_was_over_is_not_locked() -> None:
    """As one that an earlier edition measured, and a correction took over from it."""
    person = a_person()
    early = did(person.mailbox, OCTOBER, at=during(OCTOBER, 15))
    lists = lists_of(a_month(SEPTEMBER, [person]), a_month(OCTOBER, [person], [early]))

    assert proposed(lists) == {}


@pytest.mark.parametrize(
    ("status", "begins", "ends", "locked"),
    [
        ("thai sản", None, None, False),
        ("thai sản", date(2026, 9, 1), date(2026, 9, 17), False),
        ("thai sản", date(2026, 9, 1), date(2026, 9, 16), True),
        ("ốm", date(2026, 10, 20), date(2026, 10, 21), False),
        ("đi học", date(2026, 11, 20), None, False),
        ("mới tuyển", date(2026, 9, 18), None, False),
        ("mới tuyển", date(2026, 9, 17), None, True),
        ("mới tuyển", None, None, False),
        ("đang làm việc", None, None, True),
    ],
)
def test_whoever_was_away_or_new_in_the_span_is_not_locked(
    status: str, begins: date | None, ends: date | None, *, locked: bool
) -> None:
    person = a_person(status=status, status_from=begins, status_to=ends)
    lists = lists_of(a_month(SEPTEMBER, [person]), a_month(OCTOBER, [person]))

    assert proposed(lists) == ({"k1": Request.LOCK} if locked else {})


def test_leave_on_the_list_of_an_earlier_month_of_the_span_counts() -> None:
    lists = lists_of(
        a_month(SEPTEMBER, [a_person(status="thai sản")]), a_month(OCTOBER, [a_person()])
    )

    assert proposed(lists) == {}
    assert lists.passed_over == {("A", PassedOver.AWAY): 1}


def test_exempt_people_are_not_locked() -> None:
    driver = a_person(category="hợp đồng lao động")

    assert proposed(lists_of(a_month(SEPTEMBER, [driver]), a_month(OCTOBER, [driver]))) == {}


def test_mailbox_that_changed_hands_in_the_span_is_not_locked() -> None:
    before, now = a_person("k1", mailbox="vt@x.vn"), a_person("k2", mailbox="vt@x.vn")

    assert proposed(lists_of(a_month(SEPTEMBER, [before]), a_month(OCTOBER, [now]))) == {}


def test_mailbox_is_followed_over_aliases_and_renamed_domains() -> None:
    """Under whichever address it was used."""
    then = a_person(mailbox="an@cu.vn")
    renamed, alias = a_person(), a_person(aliases=("an@cu.vn",))
    moved = a_person(mailbox="an@moi.vn")
    domains = {"cu.vn": "moi.vn"}
    quiet = a_month(SEPTEMBER, [then])
    busy = a_month(SEPTEMBER, [then], [did("an@cu.vn", SEPTEMBER, *sent(SEPTEMBER, 20))])

    assert proposed(lists_of(quiet, a_month(OCTOBER, [renamed]))) == {}
    for now in (alias, moved):
        october = a_month(OCTOBER, [now])
        assert proposed(lists_of(quiet, october, domains=domains)) == {"k1": Request.LOCK}
        assert proposed(lists_of(busy, october, domains=domains)) == {}


def test_month_that_is_missing_leaves_no_locks_and_names_its_days() -> None:
    person = a_person()
    three = Dormancy(3, in_months=True)
    lists = lists_of(a_month(AUGUST, [person]), a_month(OCTOBER, [person]), dormancy=three)

    assert lists.missing == (Span(date(2026, 9, 1), date(2026, 9, 30)),)
    assert proposed(lists) == {}


def test_provisional_month_proves_only_days_before_its_cut_off() -> None:
    person = a_person()
    september = a_month(SEPTEMBER, [person], cut_off_at=during(SEPTEMBER, 20))
    lists = lists_of(september, a_month(OCTOBER, [person]))
    assert lists.missing == (Span(date(2026, 9, 20), date(2026, 9, 30)),)
    assert proposed(lists) == {}

    october = a_month(OCTOBER, [person], cut_off_at=during(OCTOBER, 20))
    lists = lists_of(a_month(SEPTEMBER, [person]), october)
    assert lists.span == Span(date(2026, 9, 5), date(2026, 10, 19))
    assert proposed(lists) == {"k1": Request.LOCK}


def test_month_without_any_mail_at_all_proves_nothing() -> None:
    """Its data are wrong, not everybody's mailbox dormant."""
    person = a_person()
    lists = lists_of(a_month(SEPTEMBER, [person], busy=False), a_month(OCTOBER, [person]))

    assert lists.missing == (Span(date(2026, 9, 17), date(2026, 9, 30)),)
    assert proposed(lists) == {}


def test_mailbox_of_somebody_who_left_is_to_be_deleted_where_it_answers() -> None:
    """Whatever their job, from their first day without work on."""
    left = a_person("k1", status="nghỉ hưu", status_from=date(2026, 10, 5))
    driver = a_person("k2", category="hợp đồng lao động", status="thôi việc")
    silent = a_person("k3", status="thôi việc")
    closed = a_person("k4", status="thôi việc")
    later = a_person("k5", status="nghỉ hưu", status_from=date(2026, 12, 1))
    at_cut_off = a_person("k6", status="nghỉ hưu", status_from=date(2026, 11, 1))
    people = [left, driver, silent, closed, later, at_cut_off]
    outcomes: list[Outcome] = [
        unmeasured(silent),
        unmeasured(closed, Reason.NO_MAILBOX),
        did(left.mailbox, OCTOBER, *sent(OCTOBER, 7)),
    ]
    lists = lists_of(a_month(OCTOBER, people, outcomes))

    assert proposed(lists) == dict.fromkeys(("k1", "k2", "k6"), Request.DELETE)
    first = lists.proposals[0]
    assert first.ground is Ground.LEFT
    assert (first.left_on, first.last_sign) == (date(2026, 10, 5), date(2026, 10, 7))
    assert first.answered is not None
    assert first.answered.at == after(OCTOBER)


def test_mailbox_of_somebody_no_longer_listed_is_to_be_deleted_where_it_answered() -> None:
    """In the last month that lists them."""
    gone, closed = a_person("k1"), a_person("k2")
    august = a_month(AUGUST, [gone, closed])
    september = a_month(SEPTEMBER, [closed], [unmeasured(closed, Reason.NO_MAILBOX)])
    lists = lists_of(august, september, a_month(OCTOBER, []))

    assert proposed(lists) == {"k1": Request.DELETE}
    (proposal,) = lists.proposals
    assert proposal.answered is not None
    assert (proposal.answered.period, proposal.answered.at) == (AUGUST, after(AUGUST))


def test_who_was_struck_off_as_nobodys_staff_is_not_gone() -> None:
    """An objection that was approved says that the list was wrong, not that somebody left."""
    october = a_month(OCTOBER, [])
    struck = Correction(
        "2026-10",
        "k1",
        CorrectionKind.NOT_STAFF,
        "",
        None,
        None,
        "",
        "",
        "GĐ",
        date(2026, 11, 3),
        "c:2",
    )
    corrected = replace(october, corrections=(AppliedCorrection(struck, 2),))

    assert proposed(lists_of(a_month(SEPTEMBER, [a_person()]), october)) == {"k1": Request.DELETE}
    assert proposed(lists_of(a_month(SEPTEMBER, [a_person()]), corrected)) == {}


@pytest.mark.parametrize(
    "now",
    [
        a_person(unit="B"),
        a_person(mailbox="moi@x.vn"),
        a_person(unit="B", mailbox="moi@x.vn", name="Họ Khác"),
        a_person("k9", mailbox="k1@x.vn"),
        a_person("k9", aliases=("k1@x.vn",)),
        a_person("k9@x.vn", mailbox="k9@x.vn", name="TÊN  k1"),
        a_person(mailbox=None),
    ],
)
def test_who_is_listed_otherwise_is_not_gone(now: Staff) -> None:
    """In another unit, under another address, with another code, or without a mailbox."""
    lists = lists_of(a_month(SEPTEMBER, [a_person()]), a_month(OCTOBER, [now]))

    assert Request.DELETE not in proposed(lists).values()


def test_another_person_of_the_same_name_is_another_by_staff_code() -> None:
    now = a_person("k9", name="Tên k1")
    lists = lists_of(a_month(SEPTEMBER, [a_person()]), a_month(OCTOBER, [now]))

    assert proposed(lists) == {"k1": Request.DELETE}


def test_address_of_somebody_who_left_that_another_goes_by_is_not_deleted() -> None:
    left = a_person("k1", mailbox="vt@x.vn", status="nghỉ hưu")
    heir = a_person("k2", aliases=("vt@x.vn",))

    assert proposed(lists_of(a_month(OCTOBER, [left, heir]))) == {}


def test_head_gets_the_people_of_the_unit_and_of_those_below_it() -> None:
    """Also of one that is no longer listed; nobody of a unit that is gone."""
    units = (*UNITS, Unit("Z", "Sở Z", "Sở"))
    people = [a_person("k1", "A1"), a_person("k2", "B"), a_person("k3", "Z"), a_person("k4", "A1")]
    september = a_month(SEPTEMBER, people, units=units)
    lists = lists_of(september, a_month(OCTOBER, [a_person("k4", "A1", mailbox=None)]))
    of_a, of_b = (lists.of_line(line) for line in lists.lines)

    assert {one.person.key: one.line for one in lists.proposals} == {
        "k1": "A", "k2": "B", "k3": None, "k4": "A",
    }  # fmt: skip
    assert set(proposed(of_a)) == {"k1", "k4"}
    assert set(proposed(of_b)) == {"k2"}


def test_unit_whose_list_seems_incomplete_is_named() -> None:
    """Five people missing of twenty; four, or five of twenty-one, are nothing unusual."""
    people = [a_person(f"k{n}") for n in range(20)]
    september = a_month(SEPTEMBER, people)
    (thinned,) = lists_of(september, a_month(OCTOBER, people[5:])).thinned

    assert (thinned.unit, thinned.gone, thinned.before) == ("Sở A", 5, 20)
    assert Fraction(thinned.gone, thinned.before) == Fraction(1, 4)
    assert lists_of(september, a_month(OCTOBER, people[4:])).thinned == ()
    more = a_month(SEPTEMBER, [*people, a_person("k20")])
    assert lists_of(more, a_month(OCTOBER, [*people[5:], a_person("k20")])).thinned == ()
