"""Wording: subject and body of mails, from a text file that an operator may edit.

The file is a Jinja template. Its first line is `[subject] …`, everything below it the body. What a
variable stands for is printed as it is, and never becomes a line of its own of the subject.
"""

from dataclasses import dataclass, fields, replace
from typing import NoReturn

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailaudit.delivery.mail import header_line
from mailaudit.errors import N_, ConfigurationError

SUBJECT = "[subject]"
_EXPLAINED = N_("The file that mailaudit init makes explains every variable.")
_WRONG = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
# A template only chooses and repeats; nothing in it needs attributes or calls.
_USELESS = (nodes.Getattr, nodes.Call, nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


@dataclass(frozen=True, slots=True)
class Variables:
    """What a mail can name; `config/mail.vi.txt` explains each.

    Attributes:
        name: Of the head; empty where it is not known, or of the board.
        units: Names of the units whose pages are attached.
        is_board: Whether the files of the whole are attached.
        files: Names of the attachments.
        edition: Of the month; `replaces` says that this person got an earlier one.
        corrected: Whether corrections of the staff list are why it replaces that.
        corrections: What was corrected of how many people of the units.
        provisional: Whether the data are not final yet.
        mark: What is printed large on files of invented data, or empty.
        contact: Whom to ask and to object to; may be empty.
        objections_until: The last day for objections; empty where there is none.
    """

    organisation: str
    month: str
    year: str
    cut_off: str
    name: str
    units: tuple[str, ...]
    is_board: bool
    files: tuple[str, ...]
    edition: str
    replaces: bool
    provisional: bool
    mark: str
    contact: str = ""
    objections_until: str = ""
    corrected: bool = False
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderVariables:
    """What a reminder can name; `config/reminder.vi.txt` explains each.

    Attributes:
        name: Of the person who gets it; may be empty.
        any_activity: Whether any mail sent or read is regular use; else the next two say what is.
        counts_reading: Whether what was read is counted; else only min_sent_days says what is.
        min_sent_days, min_read_percent: What regular use is.
        mark, contact: As of Variables.
    """

    organisation: str
    month: str
    year: str
    cut_off: str
    name: str
    any_activity: bool
    counts_reading: bool
    min_sent_days: str
    min_read_percent: str
    mark: str = ""
    contact: str = ""


AnyVariables = Variables | ReminderVariables


class MailWording:
    """A checked template of mails.

    Args:
        name: Of the file, for messages.
        source: Its text.
        known: What it can name.

    Raises:
        ConfigurationError: Something in it can't be understood; names the line.
    """

    def __init__(self, name: str, source: str, known: type[AnyVariables] = Variables) -> None:
        self._name, self._known = name, frozenset(one.name for one in fields(known))
        self._template = self._checked(source)

    def subject_and_body(self, variables: AnyVariables) -> tuple[str, str]:
        """Both of one mail.

        Raises:
            ConfigurationError: The template asks of a variable what it can't give, or has no text.
        """
        values = {one.name: getattr(variables, one.name) for one in fields(variables)}
        try:
            text = self._template.render(values).strip()
        except _WRONG:
            self._refuse(N_("The wording {file} uses a variable as it can't be used."))
        first, _, body = text.partition("\n")
        subject = header_line(first.removeprefix(SUBJECT))
        if not first.startswith(SUBJECT) or not subject:
            self._refuse(N_("The wording {file} does not begin with a line [subject] …"))
        if not body.strip():
            self._refuse(N_("The wording {file} has no text below the subject."))
        return subject, body.strip() + "\n"

    def _checked(self, source: str) -> Template:
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.globals.clear()
        try:
            tree = environment.parse(source)
            unknown = find_undeclared_variables(tree) - self._known
            for name in tree.find_all(nodes.Name):
                if name.name in unknown:
                    self._refuse(
                        N_(
                            "The wording {file}, line {line}, names {name}, which is not a"
                            " variable of a mail."
                        ),
                        line=str(name.lineno),
                        name=name.name,
                    )
            for useless in tree.find_all(_USELESS):
                self._not_understood(useless.lineno)
            return environment.from_string(source)
        except TemplateSyntaxError as error:
            self._not_understood(error.lineno)

    def _not_understood(self, line: int) -> NoReturn:
        message = N_("The wording {file}, line {line}, has a tag that can't be understood.")
        self._refuse(message, line=str(line))

    def _refuse(self, message: str, **values: object) -> NoReturn:
        raise ConfigurationError(message, _EXPLAINED, file=self._name, **values)


def check(wording: MailWording) -> None:
    """Writes a mail with everything in it, and one with as little as there can be.

    Raises:
        ConfigurationError: A template can't be used for one of them.
    """
    full = Variables(
        organisation="A",
        month="10",
        year="2026",
        cut_off="1",
        name="B",
        units=("C", "D"),
        is_board=True,
        files=("e.html", "f.xlsx"),
        edition="2",
        replaces=True,
        provisional=True,
        mark="G",
        contact="H",
        objections_until="3",
        corrected=True,
        corrections=("I: 1",),
    )
    head = replace(full, is_board=False)
    bare = replace(full, name="", units=(), mark="", replaces=False, provisional=False)
    bare = replace(bare, contact="", objections_until="", corrected=False, corrections=())
    for variables in (full, head, bare):
        wording.subject_and_body(variables)


def check_reminder(wording: MailWording) -> None:
    """As `check`, of a reminder."""
    full = ReminderVariables(
        "A", "10", "2026", "1", "B", False, True, "4", "80", mark="C", contact="D"
    )
    bare = replace(full, name="", counts_reading=False, mark="", contact="")
    for variables in (full, bare, replace(bare, any_activity=True)):
        wording.subject_and_body(variables)
