"""What is wrong with a configuration file: every problem by its dotted key, in one error.

No message quotes a value of the file: a password written under the wrong key must not be printed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from unicodedata import normalize

from pydantic_core import ErrorDetails

from mailaudit.errors import N_, ConfigurationError
from mailaudit.settings.secret import DELIVERY_VARIABLE, DIRECTORY_VARIABLE, VARIABLE

OWN = "mailaudit"  # the type of the problems this package's own validators report
# What the names of secrets have in them, letters only.
SECRET_NAME = re.compile("pass|secret|token|credential|pwd|matkhau|apikey|privatekey")

# Lists of tables, each checked as its kind says.
SERVERS, WITNESSES = "servers", "witnesses"
BY_KIND = (SERVERS, WITNESSES)

# Of the tables with a login of their own, beside [server].
_VARIABLES = {
    "directory": DIRECTORY_VARIABLE,
    "delivery": DELIVERY_VARIABLE,
    **dict.fromkeys(BY_KIND, f"{VARIABLE}_NAME"),
}

MESSAGES = {
    "missing": N_("is missing, and has no default"),
    "string_type": N_("must be a text in quotation marks"),
    "string_too_short": N_("must not be empty"),
    "int_type": N_("must be a whole number"),
    "bool_type": N_("must be true or false"),
    "tuple_type": N_("must be a list in square brackets"),
    "frozen_set_type": N_("must be a list in square brackets"),
    "literal_error": N_("must be one of {expected}"),
    "union_tag_invalid": N_("must be one of {expected}"),
    "union_tag_not_found": N_("is missing, and has no default"),
    "greater_than_equal": N_("must be at least {ge}"),
    "less_than_equal": N_("must be at most {le}"),
    "int_from_float": N_("must be a whole number"),
    "dict_type": N_("must be a table: a line [{key}] with keys below it"),
    "string_pattern_mismatch": N_("must be a name of letters, digits and hyphens"),
    "model_type": N_("must be a table: a line [{key}] with keys below it"),
    "model_attributes_type": N_("must be a table: a line [{key}] with keys below it"),
}


_OF_KIND = ("union_tag_invalid", "union_tag_not_found")


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """One key and what is wrong with it: a message id with `{name}` fields and their values."""

    key: str
    message: str
    values: tuple[tuple[str, str], ...] = ()


class SettingsError(ConfigurationError):
    """A configuration file was read, and one or more of its keys can't be used."""

    def __init__(self, file: Path, problems: Sequence[KeyProblem]) -> None:
        super().__init__(
            N_("The configuration {file} can't be used as it stands:"),
            N_("Correct it and try again; docs/configuration.md explains every key."),
            file=file,
        )
        self.problems = tuple(problems)

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """One line for each problem between the message and the remedy."""
        lines = [
            f"  {problem.key}: {gettext(problem.message).format_map(dict(problem.values))}"
            for problem in self.problems
        ]
        first, last = (
            gettext(part).format_map(self.values) for part in (self.message, self.remedy)
        )
        return "\n".join([first, *lines, last])


def explain(detail: ErrorDetails, keys_of: Mapping[tuple[str, ...], Sequence[str]]) -> KeyProblem:
    """A pydantic error as a KeyProblem.

    Args:
        keys_of: The keys of each table, by the table's path; () is the file itself.
    """
    loc, kind = _without_kind(detail["loc"])
    key = _dotted(loc)
    values = {name: str(value) for name, value in detail.get("ctx", {}).items()}
    if detail["type"] == "extra_forbidden":
        return _unknown_key(key, loc, kind, keys_of)
    if detail["type"] in _OF_KIND:
        key, values["expected"] = f"{key}.kind", values.get("expected_tags", "")
    if detail["type"] == OWN:
        message = detail["msg"] if not values else values.pop("message")
    else:
        if "expected" in values:  # pydantic's list is English: "'vi' or 'en'"
            values["expected"] = values["expected"].replace(" or ", ", ")
        message = MESSAGES.get(detail["type"], N_("has a value that can't be used"))
    return KeyProblem(key, message, (("key", key), *values.items()))


def _without_kind(loc: tuple[int | str, ...]) -> tuple[tuple[int | str, ...], str]:
    """The way to a value as the file has it, and of which kind the server is that it is about."""
    if len(loc) > 2 and loc[0] in BY_KIND and isinstance(loc[1], int):
        return (*loc[:2], *loc[3:]), str(loc[2])
    return loc, ""


def _unknown_key(
    key: str,
    loc: tuple[int | str, ...],
    kind: str,
    keys_of: Mapping[tuple[str, ...], Sequence[str]],
) -> KeyProblem:
    """An unknown key with the known one most like it, or all that are allowed there."""
    *table, name = (part for part in loc if isinstance(part, str))
    allowed = keys_of.get((*table, kind) if kind else tuple(table), ())
    of_kinds = {path[1]: keys for path, keys in keys_of.items() if kind and path[:-1] == (*table,)}
    kinds = [one for one, keys in of_kinds.items() if name in keys]
    if kinds:
        own = [one for one in allowed if not all(one in keys for keys in of_kinds.values())]
        return KeyProblem(
            key,
            N_("is a key of the kind {kinds}; a server of the kind {kind} has {own}"),
            (("kinds", ", ".join(kinds)), ("kind", kind), ("own", ", ".join(own))),
        )
    close = get_close_matches(name, allowed, n=1)
    if SECRET_NAME.search(_letters(name)) and not (close and _letters(name).endswith("file")):
        owner = table[0] if table and table[0] in _VARIABLES else "server"
        return KeyProblem(
            key,
            N_(
                "a secret does not belong in this file; write it into a file of its own and name "
                "that in {file}, or set {variable}"
            ),
            (
                ("file", f"{owner}.password_file"),
                ("variable", _VARIABLES.get(owner, VARIABLE)),
            ),
        )
    prefix = "".join(f"{part}." for part in table)
    guesses = [prefix + match for match in close] or [
        ".".join((*other[:1], name))
        if other[:1] in ((SERVERS,), (WITNESSES,))
        else ".".join((*other, name))
        for other, names in keys_of.items()
        if name in names
    ]
    if guesses:
        return KeyProblem(
            key, N_("is not a known key; did you mean {guess}?"), (("guess", guesses[0]),)
        )
    return KeyProblem(
        key, N_("is not a known key; known here: {allowed}"), (("allowed", ", ".join(allowed)),)
    )


def _letters(name: str) -> str:
    """Its letters without marks, in lower case: "Mật_khẩu" -> "matkhau"."""
    plain = normalize("NFKD", name).lower().replace("đ", "d")
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _dotted(loc: tuple[int | str, ...]) -> str:
    """`rules.grades[1].name`: the way to a value, entries of lists counted from 1."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(parts).removeprefix(".")
