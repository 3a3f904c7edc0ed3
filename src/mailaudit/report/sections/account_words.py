"""What lists of accounts say in words: requests, what they rest on, what was not seen."""

from collections.abc import Iterable, Iterator, Mapping

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.accounts import (
    AccountLists,
    Dormancy,
    Ground,
    LookedAt,
    PassedOver,
    Proposal,
    Request,
    Span,
)
from mailaudit.model.period import Period
from mailaudit.model.wording import readable
from mailaudit.report.value import Fact
from mailaudit.report.words import short_period

REQUESTS: Mapping[Request, str] = {
    Request.CREATE: N_("Create"),
    Request.LOCK: N_("Lock"),
    Request.DELETE: N_("Delete"),
}
_ASKED: Mapping[Request, str] = {
    Request.CREATE: N_("Create a mailbox"),
    Request.LOCK: N_("Lock the mailbox {mailbox}"),
    Request.DELETE: N_("Delete the mailbox {mailbox}"),
}
_PASSED_OVER: Mapping[PassedOver, str] = {
    PassedOver.UNMEASURED: N_("not measured in each month of the span: {count}"),
    PassedOver.AWAY: N_("on leave or otherwise away in the span: {count}"),
    PassedOver.NEW: N_("began in the span: {count}"),
    PassedOver.UNKNOWN_ADDRESS: N_("the server has no mailbox of the address: {count}"),
}
SIGN = N_(
    "a mail sent, or a mail received in the span that was marked as read when the mailbox was"
    " collected; logins do not count, for EWS does not show them"
)


def request_text(one: Proposal, language: Language) -> str:
    """What the operator is asked to do, with the mailbox it is about."""
    text = language.gettext(_ASKED[one.request])
    return text.format(mailbox=readable(one.person.mailbox or ""))


def grounds(one: Proposal, lists: AccountLists, language: Language) -> str:
    """What a request rests on."""
    _, period = language.gettext, lists.period
    match one.ground:
        case Ground.NO_MAILBOX:
            return _("In scope, without a mailbox on the list of {month}").format(
                month=short_period(period, language)
            )
        case Ground.NO_SIGN:
            return _("No sign of use from {first} to {last}; mails received: {count}").format(
                first=language.date(lists.span.first),
                last=language.date(lists.span.last),
                count=language.number(one.received),
            )
        case Ground.LEFT if one.left_on is not None:
            text = _("Left, first day without work {day}; the mailbox answered on {moment}")
        case Ground.LEFT:
            text = _("Left; the mailbox answered on {moment}")
        case _:
            text = _("Last on the list of {month}; the mailbox answered then, on {moment}")
    answered = one.answered
    return text.format(
        day="" if one.left_on is None else language.date(one.left_on),
        month="" if answered is None else short_period(answered.period, language),
        moment=""
        if answered is None
        else language.instant(answered.at.astimezone(answered.period.tz)),
    )


def length_text(dormancy: Dormancy, language: Language) -> str:
    """How long a mailbox was looked at: "45 ngày"."""
    if dormancy.in_months:
        text = N_("1 month") if dormancy.count == 1 else N_("{count} months")
    else:
        text = N_("{count} days")
    return language.gettext(text).format(count=language.number(dormancy.count))


def spans_text(spans: Iterable[Span], language: Language) -> str:
    """Days, those that follow each other as a range."""
    return "; ".join(
        language.date(one.first)
        if one.first == one.last
        else language.gettext("{first} to {last}").format(
            first=language.date(one.first), last=language.date(one.last)
        )
        for one in spans
    )


def account_notices(lists: AccountLists, newer: Period | None, language: Language) -> Iterator[str]:
    """What to know before any of it is acted on.

    Args:
        newer: A later month that is stored too.
    """
    _ = language.gettext
    if newer is not None:
        yield _(
            "A later month is stored: {month}. These lists are those of {period}; people may have"
            " come, gone, or used their mailboxes since."
        ).format(month=short_period(newer, language), period=short_period(lists.period, language))
    if lists.missing:
        yield no_locks(lists, language)
    silent = [one for one in lists.months if not one.had_mail and _is_in(one, lists.span)]
    if silent:
        yield _(
            "In {months} no mailbox had any mail, which looks like wrong data: the days of such a"
            " month do not count as collected."
        ).format(months=", ".join(short_period(one.period, language) for one in silent))
    if lists.pruned:
        yield _(
            "People were removed from {months}: who has been on no list since, and whose mailbox"
            " is still there, is not proposed for deletion."
        ).format(months=", ".join(short_period(one, language) for one in lists.pruned))
    for one in lists.thinned:
        yield _(
            "{unit}: {gone} of the {before} people listed in {month} are no longer listed. Check"
            " that its list is complete before anything is deleted."
        ).format(
            unit=readable(one.unit),
            gone=language.number(one.gone),
            before=language.number(one.before),
            month=short_period(one.period, language),
        )


def no_locks(lists: AccountLists, language: Language) -> str:
    """That no lock can be proposed, and for want of which days."""
    return language.gettext(
        "No mailbox is proposed for a lock: of the span from {first} to {last} ({length}) these"
        " days were not collected: {days}."
    ).format(
        first=language.date(lists.span.first),
        last=language.date(lists.span.last),
        length=length_text(lists.dormancy, language),
        days=spans_text(lists.missing, language),
    )


def span_facts(lists: AccountLists, language: Language) -> tuple[Fact, ...]:
    """What was looked for, and on which days."""
    _ = language.gettext
    span = _("{days} ({length}), every day of it collected")
    if lists.missing:
        span = _("{days} ({length}), not wholly collected: no locks")
    return (
        Fact(_("Sign of use"), _(SIGN)),
        Fact(
            _("Span looked at"),
            span.format(
                days=spans_text((lists.span,), language),
                length=length_text(lists.dormancy, language),
            ),
        ),
    )


def account_facts(lists: AccountLists, language: Language) -> tuple[Fact, ...]:
    """What the lists rest on, and what they can't see."""
    _ = language.gettext
    passed = [
        _(text).format(count=language.number(count))
        for why, text in _PASSED_OVER.items()
        if (count := lists.number_passed_over(why))
    ]
    return (
        *span_facts(lists, language),
        Fact(_("Months looked at"), _months(lists.months, language)),
        Fact(
            _("To lock"),
            _(
                "people in scope who held one mailbox through the whole span, measured in each of"
                " its months, without a sign of use; never people on leave, new ones, or people"
                " out of scope"
            ),
        ),
        Fact(
            _("To delete"),
            _(
                "mailboxes that answered: of people who left, in the newest month; of people no"
                " longer listed, in the last month that lists them"
            ),
        ),
        *((Fact(_("Not proposed"), "; ".join(passed)),) if passed else ()),
        Fact(
            _("Not seen"),
            _(
                "mail that was read only after the cut-off of the month it arrived in, mail deleted"
                " for good, other uses of the account; ask the person or the unit before a lock"
            ),
        ),
    )


def _months(months: Iterable[LookedAt], language: Language) -> str:
    text = language.gettext("{month} (edition {edition}, cut-off {moment})")
    return "; ".join(
        text.format(
            month=short_period(one.period, language),
            edition=one.edition,
            moment=language.instant(one.cut_off_at.astimezone(one.period.tz)),
        )
        for one in months
    )


def _is_in(month: LookedAt, span: Span) -> bool:
    return month.period.first_day <= span.last and month.period.last_day >= span.first
