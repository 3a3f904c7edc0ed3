"""check: the whole set-up, line by line, before a month depends on it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.addresses import one_address
from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, LanguageCode, Verbose
from mailaudit.errors import N_, ConfigurationError

if TYPE_CHECKING:
    from mailaudit.checkup import Checked, Setup
    from mailaudit.delivery.mailer import Mailer
    from mailaudit.settings import LiveServer, Secret, Settings

_MARKS = {
    "ok": N_("ok"),
    "warning": N_("WARNING"),
    "failure": N_("FAILURE"),
    "not checked": N_("not checked"),
}
_CONTINUED = "\n" + " " * 15


def check(
    config: Config = DEFAULT_CONFIG,
    units: Annotated[
        int,
        typer.Option(
            "--units", min=1, help="Of how many units one mailbox is opened.", metavar="NUMBER"
        ),
    ] = 5,
    outside: Annotated[
        str | None,
        typer.Option(
            "--outside",
            help="A mailbox that the account must not be able to open, such as an"
            " administrator's: a warning where it is not refused.",
            metavar="ADDRESS",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, for monitoring programs.")
    ] = False,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Check the whole set-up, line by line.

    From the configuration to the right to read mailboxes, and the server that sends mails. Each
    line is ok, a warning or a failure, with what to do. Nothing is collected, stored or sent. Each
    password is tried once. Ends with 3 where anything failed.

    The JSON document has the worst state of all and a list of checks, each with check, state, text
    and remedy.

    Example: mailaudit check --config mailaudit.toml --outside administrator@example.gov.vn

    Example: mailaudit check --units 20 --json
    """
    refused = None if outside is None else one_address("--outside", outside)
    show = _Shown(as_json=as_json)
    for line in _lines(config, lang, units, refused):
        show.add(line)
    show.end()


def _lines(
    config: Path, lang: LanguageCode | None, units: int, outside: str | None
) -> "Iterator[Checked]":
    from mailaudit.checkup import check_setup, unreadable
    from mailaudit.checkup.finding import failed
    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language

    try:
        settings = steps.load(config, lang)
    except ConfigurationError as error:
        yield unreadable(failed(error, current_language().gettext))
        return
    with closing(_setup(settings, units, outside)) as setup:
        yield from check_setup(setup)


def _setup(settings: "Settings", units: int, outside: str | None) -> "Setup":
    from mailaudit.checkup import Setup
    from mailaudit.cli import steps
    from mailaudit.cli.bugs import conceal
    from mailaudit.cli.console import current_language
    from mailaudit.cli.documents import unit_documents
    from mailaudit.cli.mailing import mailer
    from mailaudit.cli.scheduling import installed
    from mailaudit.report.files import write_atomically
    from mailaudit.scheduling import this_machine

    def find_secret(server: "LiveServer") -> "Secret":
        secret = server.find_secret()
        conceal(secret.value)
        return secret

    def find_mailer() -> "Mailer":
        if settings.delivery is None:
            raise RuntimeError("no [delivery]")
        return mailer(settings.delivery)

    return Setup(
        settings=settings,
        language=current_language(),
        clock=steps.now,
        find_secret=find_secret,
        mailer=find_mailer,
        read_wording=lambda: unit_documents(settings),  # which needs both wordings
        period=steps.last_over(settings),
        units=units,
        outside=outside,
        find_scheduled=lambda: installed(this_machine(write_atomically), settings.file),
    )


class _Shown:
    """The lines, printed as they come or as one document at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._entries: list[dict[str, str]] = []

    def add(self, line: "Checked") -> None:
        """Takes a line."""
        from mailaudit.cli.console import say, worded

        finding = line.finding
        text, remedy = (worded(one, finding.values) for one in (finding.message, finding.remedy))
        state = str(finding.state)
        self._entries.append({"check": line.name, "state": state, "text": text, "remedy": remedy})
        if self._as_json:
            return
        mark, title = worded(_MARKS[state], {}), worded(line.check.title, {})
        if line.check.server:
            title = f"{line.check.server}, {title}"
        for start, said in ((mark, f"{title}: {text}"), ("", remedy and f"→ {remedy}")):
            if said:
                say("{line}", line=f"{start:<14} " + said.replace("\n", _CONTINUED))

    def end(self) -> None:
        """Prints what is left to say; ends the command with 3 where anything failed."""
        from mailaudit.cli.console import say

        states = [entry["state"] for entry in self._entries]
        if self._as_json:
            worst = next((one for one in ("failure", "warning") if one in states), "ok")
            document = {"state": worst, "checks": self._entries}
            say("{json}", json=json.dumps(document, ensure_ascii=False, indent=2))
        elif len(states) > 1:  # one is a configuration that can't be read: nothing to count
            say("")
            say(
                N_("{ok} ok, {warnings} warnings, {failures} failures, {unchecked} not checked."),
                ok=states.count("ok"),
                warnings=states.count("warning"),
                failures=states.count("failure"),
                unchecked=states.count("not checked"),
            )
        if "failure" in states:
            raise typer.Exit(ConfigurationError.exit_code)
