"""signs: whose figures should be looked at again, for the IT department alone."""

from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Out, PeriodText, Verbose
from mailaudit.errors import N_

if TYPE_CHECKING:
    from mailaudit.model.signs import FoundSigns


def signs(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    out: Out = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """List whose figures should be looked at again, for IT only.

    Mail sent in the month's last days only, on exactly the fewest days month after month, or to
    oneself only; and rules that send mail on to outside, where inbox_rules has them asked for.
    None of it is proof, and no figure changes; what else it may come from stands beside it. Made
    offline from the stored months.

    The workbook names people, and only its owner can read it. No other report has any of it.

    Example: mailaudit signs --config mailaudit.toml --period 2026-10
    """
    from mailaudit import audit
    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, note
    from mailaudit.cli.reporting import drawing, lineage
    from mailaudit.cli.run_record import record_reports
    from mailaudit.report.sign_document import sign_stem

    settings, month = steps.load_for_month(config, lang, period)
    folder = out or settings.report.folder
    days, events = steps.calendar(settings, month), lineage(settings)
    note(N_("{period}: looking for signs in the stored months …"), period=month)
    with steps.opened_store(settings) as store:
        steps.require_calendar_units(settings, days, store)
        snapshot, found = audit.find_signs(store, month, days, settings.rules, events)
    with drawing():
        paths = audit.write_signs(
            snapshot,
            found,
            settings.organisation.name,
            settings.rules,
            folder,
            language=current_language(),
            names=settings.report.names,
            illustrative=settings.report.illustrative,
        )
    record_reports(settings, "signs", snapshot, folder, sign_stem(month))
    _print(found, paths, names=settings.report.names)


def _print(found: "FoundSigns", paths: tuple[Path, ...], *, names: bool) -> None:
    """How many people have which sign, what that means, and where the workbook is."""
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.model.signs import Sign
    from mailaudit.report.sections.signs import NO_PROOF, SIGNS

    _ = current_language().gettext
    say(
        N_("{period}, edition {edition}: to look at again: {people}; in regular use: {regular}."),
        period=found.period,
        edition=str(found.edition),
        people=found.people,
        regular=found.regular,
    )
    for sign in Sign:
        if sign in found.looked_for:
            say("{sign}: {count}", sign=_(SIGNS[sign]), count=found.count(sign))
        else:
            say(N_("{sign}: not looked for, see docs/metrics.md, section 15"), sign=_(SIGNS[sign]))
    if not found.findings:
        say(N_("Nothing was found: no file was written."))
        return
    say(NO_PROOF)
    for path in paths:
        say("{path}", path=path)
    if not names:
        note(N_("People stand by staff code and address; report.names = true names them."))
