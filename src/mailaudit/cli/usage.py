"""What Typer finds wrong with a command line, in sentences of the catalogs: its own are English."""

import re

from mailaudit.errors import N_, Phrase, UsageError

_PATTERNS = tuple(
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        (
            r"No such option: (?P<name>.*?) \(Possible options: (?P<close>.*)\)",
            N_("There is no option {name}; did you mean {close}?"),
        ),
        (r"No such option: (?P<name>.*)", N_("There is no option {name}.")),
        (
            r"No such command '(?P<name>.*)'\. Did you mean (?P<close>.*)\?",
            N_("There is no command {name}; did you mean {close}?"),
        ),
        (r"No such command '(?P<name>.*)'\.", N_("There is no command {name}.")),
        (r"Missing command\.", N_("A command is missing.")),
        (r"Missing (?:option|argument) '(?P<name>.*)'\..*", N_("{name} is missing.")),
        (
            r"Got unexpected extra argument\(s\) \((?P<name>.*)\)",
            N_("{name} is one argument too many."),
        ),
        (r"Option '(?P<name>.*)' requires .*", N_("A value is missing after {name}.")),
        (r"Option '(?P<name>.*)' does not take a value\.", N_("{name} takes no value.")),
        (
            r"Invalid value for '(?P<name>.*?)': .*?'(?P<value>.*)' is not one of"
            r" (?P<choices>.*)\.",
            N_("{name} must be one of {choices}, not {value}."),
        ),
        (
            r"Invalid value for '(?P<name>.*?)': .*valid integer.*",
            N_("{name} must be a whole number."),
        ),
        (
            r"Invalid value for '(?P<name>.*?)': .*greater than or equal to (?P<least>\S+)",
            N_("{name} must be at least {least}."),
        ),
        (
            r"Invalid value for '(?P<name>.*?)': .*less than or equal to (?P<most>\S+)",
            N_("{name} must be at most {most}."),
        ),
        (r"Invalid value for '(?P<name>.*?)': .*", N_("{name} has a value that can't be used.")),
    )
)


def usage_error(text: str) -> UsageError:
    """What Typer said, as an error of this program."""
    for pattern, message in _PATTERNS:
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            # An argument is called by what stands for its value in the help.
            return UsageError(message, **found | {"name": Phrase(found.get("name", ""))})
    return UsageError(N_("The command line can't be understood."))
