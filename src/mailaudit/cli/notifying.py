"""--notify: what became of a run, by mail to those whom [notify] names.

The run stays as it is: its exit code never depends on the mail, of which there is one for each
address, sent once, within a bounded time.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mailaudit.cli import bugs, log, notice
from mailaudit.cli.console import current_language, note, text_of
from mailaudit.cli.notice import Course
from mailaudit.cli.steps import INTERRUPTED, now
from mailaudit.errors import N_, ConfigurationError, MailauditError

if TYPE_CHECKING:
    from mailaudit.settings import NoticeSettings

WITHIN_S = 120.0  # for all mails of a run; who stops a service waits about as long
_MOST_BYTES = 100_000  # of the file that is kept


@contextmanager
def notifying(
    config: Path, command: str, month: str | None = None, *, wanted: bool
) -> Iterator[Course]:
    """Sends notices of what becomes of the block, if they are wanted, once it has ended.

    Args:
        command: What was typed, without configuration and month.
        month: As typed.

    Raises:
        typer.Exit: Of the block; with 1, after it was reported, for an error nobody foresaw.
    """
    course = Course(command, config, month)
    if not wanted:
        yield course
        return
    way = _way_out(course)
    if way is None and course.settings is not None:  # which name nobody, as has been said
        yield course
        return
    ended: BaseException | None = None
    try:
        with _stopped_by_sigterm():
            yield course
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - it is raised again below
        ended = error
    course.organisation = "" if way is None else way.organisation
    try:
        words = _words(course, ended)
    except Exception as error:  # noqa: BLE001 - the run has ended as it has
        note(N_("A notice was not sent: {why}"), why=type(error).__name__)
    else:
        _notify(way, words, _kept_file(config))
    if ended is None:
        return
    if _is_bug(ended):
        raise typer.Exit(bugs.BUG) from None  # it has been reported
    raise ended


def _words(course: Course, ended: BaseException | None) -> tuple[str, str]:
    """Subject and body."""
    gettext = current_language().gettext
    code = ended.exit_code if isinstance(ended, typer.Exit | MailauditError) else 0
    if isinstance(ended, MailauditError):
        return notice.failed(course, notice.printable(ended), code)
    if isinstance(ended, KeyboardInterrupt) or code == INTERRUPTED:
        said = N_("It was stopped, by Ctrl-C or by the system. What was collected is kept.")
        return notice.failed(course, gettext(said), INTERRUPTED)
    if isinstance(ended, Exception) and _is_bug(ended):
        log.crashed(ended)
        return notice.failed(course, bugs.reported(ended), bugs.BUG)
    return notice.done(course, code)


def _is_bug(ended: BaseException) -> bool:
    return not isinstance(ended, typer.Exit | MailauditError | KeyboardInterrupt)


def _way_out(course: Course) -> "NoticeSettings | None":
    """What sends the notices: as configured, or as kept where the configuration can't be read.

    None where it can be read and has no table [notify], which is said, or where nothing is kept.
    """
    from mailaudit.settings import NoticeSettings, load_settings

    try:
        settings = load_settings(course.config)
    except ConfigurationError:  # which the run itself reports
        return _kept(_kept_file(course.config))
    course.settings = settings
    if settings.notify is None or settings.delivery is None:
        note(
            N_("--notify: the configuration {file} has no table [notify]; nobody is notified."),
            file=course.config,
        )
        return None
    return NoticeSettings(
        organisation=settings.organisation.name, to=settings.notify.to, delivery=settings.delivery
    )


@dataclass(slots=True)
class _Result:
    """What became of the notices, filled by the thread that sends them."""

    sent: int = 0
    problems: list[str] = field(default_factory=list)


def _notify(way: "NoticeSettings | None", words: tuple[str, str], kept: Path) -> None:
    """Sends the notices and says what became of them; nothing it meets ends the run."""
    if way is None:
        note(N_("Nobody was notified: no run before this one has left the addresses to use."))
        return
    result = _Result()
    # Of its own, for a server that answers a byte a minute is within every timeout.
    thread = threading.Thread(target=_send, args=(way, words, result), daemon=True)
    thread.start()
    thread.join(WITHIN_S)
    for problem in result.problems[:]:
        note(N_("A notice was not sent: {why}"), why=problem)
    if thread.is_alive():
        note(
            N_("The mail server took too long: after {count} seconds it is waited for no more."),
            count=round(WITHIN_S),
        )
    if result.sent:
        note(N_("{count} notices sent."), count=result.sent)
        _keep(way, kept)


def _send(way: "NoticeSettings", words: tuple[str, str], result: _Result) -> None:
    from mailaudit.cli.mailing import mailer
    from mailaudit.delivery.mail import Mail, message_of
    from mailaudit.delivery.mailer import FateUnknown, NotTaken

    subject, body = map(bugs.concealed, words)
    gettext = current_language().gettext
    try:
        with closing(mailer(way.delivery)) as out:
            for address in way.to:
                mail = Mail(way.delivery.sender, way.organisation, address, "", subject, body)
                out.open()
                try:
                    out.send(message_of(mail, now()))
                except (NotTaken, FateUnknown) as error:
                    result.problems.append(f"{address}: {gettext(error.detail)}")
                else:
                    result.sent += 1
    except MailauditError as error:
        result.problems.append(text_of(error))
    except Exception as error:  # noqa: BLE001 - the run has ended as it has, whatever is met here
        result.problems.append(type(error).__name__)


def _kept_file(config: Path) -> Path:
    return config.with_name(f".{config.name}.notify.json")


def _kept(file: Path) -> "NoticeSettings | None":
    from mailaudit.settings import NoticeSettings

    try:
        with file.open("rb") as opened:
            return NoticeSettings.read(opened.read(_MOST_BYTES))
    except OSError:
        return None


def _keep(way: "NoticeSettings", file: Path) -> None:
    """Keeps what has just sent a notice, for a run whose configuration can't be read."""
    from mailaudit.report.files import write_atomically

    try:
        write_atomically(file, way.kept(), private=True)
    except ConfigurationError as error:
        note("{why}", why=text_of(error))


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Makes SIGTERM stop the block as Ctrl-C does. Main thread only."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
