"""The definition of regular use in force: its name, its thresholds, and what they rest on."""

from collections.abc import Iterator, Mapping

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, SENT_AND_READ, Rules
from mailaudit.model.wording import readable
from mailaudit.report.sections.inside import part_text
from mailaudit.report.words import threshold

NAMES: Mapping[str, str] = {
    SENT_AND_READ: N_("mail sent on enough days, and enough of the mail received read"),
    ANY_ACTIVITY: N_("any mail sent or read in the period"),
    SENT_ALONE: N_("mail sent on enough days, whatever was read"),
}


# Of a month, and of a longer period.
_SENTENCES: Mapping[str, tuple[str, str]] = {
    SENT_AND_READ: (
        N_("mail sent on at least {days} working days, and at least {share} of the mail due read"),
        N_(
            "in at least {months} of the months judged, mail sent on at least {days} working"
            " days and at least {share} of the mail due read"
        ),
    ),
    ANY_ACTIVITY: (
        N_("at least one message sent, or received and read, in the period"),
        N_("at least one message sent, or received and read, in the period"),
    ),
    SENT_ALONE: (
        N_("mail sent on at least {days} working days"),
        N_("in at least {months} of the months judged, mail sent on at least {days} working days"),
    ),
}


def regular_lines(rules: Rules, language: Language) -> Iterator[tuple[str, str]]:
    """What makes use regular, and the thresholds that decide it."""
    _ = language.gettext
    name = f"{rules.regular}: {_(NAMES[rules.regular])}"
    yield _("Regular use means"), with_basis(name, rules.regular_basis, language)
    if not rules.counts_days:
        return
    least = _("at least {number}")
    yield (
        _("Days with sent mail"),
        _("at least {number} in a month").format(number=rules.min_sent_days),
    )
    if not rules.counts_reading:
        return
    share = threshold(rules.min_read_share, language)
    yield _("Received mail that is read"), least.format(number=share)
    yield _("Working days allowed for reading"), str(rules.read_grace_working_days)
    few = _("below {number} messages").format(number=rules.read_waived_below)
    yield _("Reading not judged"), few


def regular_sentence(rules: Rules, language: Language, *, longer: bool) -> str:
    """What regular use means, in one line.

    Args:
        longer: Whether it is of a longer period, which is judged by its months.
    """
    _ = language.gettext
    month, months = _SENTENCES[rules.regular]
    text = _(months if longer else month)
    text = text.format(
        days=language.number(rules.min_sent_days),
        share=threshold(rules.min_read_share, language),
        months=part_text(rules.min_regular_months_share, language),
    )
    return with_basis(text, rules.regular_basis, language)


def with_basis(text: str, basis: str, language: Language) -> str:
    """The text, and the document it rests on where one is named."""
    if not basis:
        return text
    return language.gettext("{text} (basis: {document})").format(
        text=text, document=readable(basis)
    )
