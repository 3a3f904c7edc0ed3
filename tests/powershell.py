"""Reads what PowerShell would read: strictly, and only as much of its grammar as is printed here.

Whatever is outside of this grammar is an error, so that nothing slips through as something else.
Source: about_Quoting_Rules and the language's specification: each of five characters is a single
quotation mark, each of four a double one; within single ones nothing but a doubled mark is special.
"""

import re
from dataclasses import dataclass

SINGLE, DOUBLE = "'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e'
_CODE = re.compile(r"\[char\]0x([0-9A-F]{4})")
# Words, parameters, numbers, variables, members, and what stands between them.
_OTHER = re.compile(
    r"(\[datetime\]|\$?[A-Za-z_][\w.*-]*|-[A-Za-z]+(?::\$false)?|\d+|[(){}|&.,+= ])"
)


class NotPowerShell(Exception):
    """A text that the grammar here does not cover."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a command: a text with what it says, or anything else as it stands."""

    is_text: bool
    value: str


def tokens(line: str) -> list[Token]:
    """The pieces of one line. Raises NotPowerShell."""
    found, at = [], 0
    while at < len(line):
        letter = line[at]
        if letter in SINGLE:
            text, at = _quoted(line, at + 1, SINGLE)
            found.append(Token(True, text))
        elif letter in DOUBLE:
            text, at = _quoted(line, at + 1, DOUBLE)
            if set(text) & set("$`"):
                raise NotPowerShell(f"something is expanded in {text!r}")
            found.append(Token(True, text))
        elif match := _CODE.match(line, at):
            found.append(Token(True, chr(int(match[1], 16))))
            at = match.end()
        elif match := _OTHER.match(line, at):
            found.append(Token(False, match[0]))
            at = match.end()
        else:
            raise NotPowerShell(f"{letter!r} at {at} of {line!r}")
    return found


def text_of(expression: str) -> str:
    """What an expression says that is one text, or several joined by +. Raises NotPowerShell."""
    parts = tokens(expression)
    if len(parts) > 1:
        if (parts[0], parts[-1]) != (Token(False, "("), Token(False, ")")):
            raise NotPowerShell(f"no brackets around {expression!r}")
        if not expression.startswith("('"):
            raise NotPowerShell("a sum that does not begin with a text")
        parts = [part for part in parts[1:-1] if part != Token(False, " ")]
        if any(part != Token(False, "+") for part in parts[1::2]) or not len(parts) % 2:
            raise NotPowerShell(f"more than one text: {expression!r}")
        parts = parts[::2]
    if not all(part.is_text for part in parts):
        raise NotPowerShell(f"no text: {expression!r}")
    units = "".join(part.value for part in parts)
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def skeleton(script: str) -> list[list[str]]:
    """The commands of a script without what their texts say: one list of pieces a line.

    Texts that are joined count as one. Comments are left out; a line ends only where PowerShell
    ends one.
    """
    lines = re.split(r"\r\n|\r|\n", script)
    return [_shape(line) for line in lines if not line.lstrip().startswith("#")]


def _shape(line: str) -> list[str]:
    joined = re.compile(r"\(text(?: \+ text)+\)")
    shape = "".join("text" if one.is_text else one.value for one in tokens(line))
    return joined.sub("text", shape).split(" ")


def _quoted(line: str, start: int, marks: str) -> tuple[str, int]:
    """What a quoted text says, and where it ends."""
    text, at = "", start
    while at < len(line):
        if line[at] in marks:
            if at + 1 == len(line) or line[at + 1] not in marks:
                return text, at + 1
            at += 1
        text += line[at]
        at += 1
    raise NotPowerShell(f"a text is not closed: {line!r}")
