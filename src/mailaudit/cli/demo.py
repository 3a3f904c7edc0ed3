"""demo: a demonstration province, audited; or its mail server alone, to rehearse on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import Lang, MessagesLang, Verbose
from mailaudit.errors import N_

if TYPE_CHECKING:
    from mailaudit.demo.options import ServedAt

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", "--dir", help="Folder for everything it makes.", metavar="DIR")
    ] = Path("mailaudit-demo"),
    imap: Annotated[
        bool,
        typer.Option(
            "--imap",
            help="Serve one month of it over IMAP, by the Dovecot that is installed here.",
        ),
    ] = False,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Audit a demonstration province; takes about a minute.

    There is nothing to set up.

    Starts a mail server on this machine (TLS, NTLM, impersonation) with about 2,000 invented
    staff, audits three months of it as a real server would be, prints the ranking and leaves
    Excel and HTML reports in ./mailaudit-demo.

    Example: mailaudit demo

    Example: mailaudit demo --imap --out demo-imap
    """
    if context.invoked_subcommand is not None:
        return
    from mailaudit.cli import collecting, reporting, steps
    from mailaudit.cli.console import note
    from mailaudit.cli.run_record import record_snapshot
    from mailaudit.demo.imap import served as served_by_dovecot
    from mailaudit.demo.process import served

    note(N_("Starting the demonstration mail server …"))
    with served_by_dovecot(out) if imap else served(out) as server:
        settings = steps.load(server.config_path, lang)
        for period in server.periods:
            record_snapshot(settings, "demo", collecting.collect(settings, period))
    audited = reporting.report(settings, server.periods[-1], out=out, command="demo")
    note(
        N_(
            "This was a demonstration: invented staff on a mail server of this machine.\n"
            "Next, open the .html in a browser, the .xlsx in a spreadsheet program.\n"
            "To audit your own mail server, begin with: mailaudit init audit"
        )
    )
    reporting.leave(settings, audited)


@app.command()
def serve(
    directory: Annotated[
        Path, typer.Option("--dir", help="Folder for its files.", metavar="DIR")
    ] = Path("mailaudit-demo"),
    traffic: Annotated[
        Path | None, typer.Option(help="Serve this mail traffic (CSV, may be .gz).", metavar="FILE")
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(help="Whose mailboxes the traffic is; becomes the roster.", metavar="FILE"),
    ] = None,
    tracking: Annotated[
        Path | None,
        typer.Option(
            help="Write the tracking logs of this traffic here, as of two servers.", metavar="DIR"
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535, metavar="PORT")
    ] = 0,
    latency_ms: Annotated[
        int, typer.Option(help="Delay of every answer, in ms.", min=0, metavar="MS")
    ] = 0,
    faults: Annotated[
        Path | None, typer.Option(help="Inject the faults of this file (TOML).", metavar="FILE")
    ] = None,
    lang: MessagesLang = None,
) -> None:
    """Keep the demonstration mail server running until stopped.

    Writes the CA file, the accounts and a ready mailaudit.toml into DIR.

    Example: mailaudit demo serve --dir rehearsal

    Example: mailaudit demo serve --traffic mails.csv --people people.csv --tracking logs
    """
    from mailaudit.cli.console import choose_language, in_command, say
    from mailaudit.demo.options import Options
    from mailaudit.demo.serve import run

    if lang is not None:
        choose_language(lang)

    def ready(server: "ServedAt") -> None:
        say(N_("Serving {url} until stopped with Ctrl-C."), url=server.url)
        say(N_("Accounts:      {path}"), path=server.accounts_path)
        say(N_("CA file:       {path}"), path=server.ca_path)
        say(N_("Configuration: {path}"), path=server.config_path)
        if server.logs_config_path:
            say(N_("Tracking logs: {path}"), path=server.logs_config_path)
        if server.outside:
            say(N_("Out of scope:  {address}"), address=server.outside)
        say(
            N_("Try: mailaudit run --config {path} --period {period}"),
            path=in_command(server.config_path),
            period=server.periods[-1],
        )

    run(
        directory,
        Options(
            traffic=traffic,
            people=people,
            tracking=tracking,
            port=port,
            latency_ms=latency_ms,
            faults=faults,
        ),
        ready,
    )
