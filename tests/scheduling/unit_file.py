"""Reads unit files of systemd as its manual has it, and refuses what is doubtful.

Source: systemd.syntax(7), systemd.service(5) "Command lines", systemd.unit(5) "Specifiers".
"""

import re

_WHITESPACE = " \t"


def values(text: str) -> dict[str, str]:
    """The values of all keys of a unit; each stands once."""
    assert "\\\n" not in text, "a line goes on"
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith(("#", ";", "[")):
            continue
        key, _, value = line.partition("=")
        assert key not in found, key
        assert re.fullmatch(r"[A-Za-z]+", key)
        found[key] = value.strip()
    return found


def plain(value: str) -> str:
    """A value that is not quoted, its specifiers put in."""
    assert "%" not in value.replace("%%", ""), f"a specifier: {value}"
    return value.replace("%%", "%")


def argv(value: str) -> tuple[str, list[str]]:
    """The program that ExecStart runs, and what it sees as its arguments, its own name first."""
    words = [_unescaped(word) for word in _words(value)]
    if words[0].startswith("@"):
        program, own_name, *others = words[0][1:], *words[1:]
    else:
        program, own_name, *others = words[0], words[0], *words[1:]
    assert program.startswith("/")
    return plain(program), [_without_variables(plain(word)) for word in (own_name, *others)]


def _words(text: str) -> list[str]:
    """Words in double quotes or bare, still with their escapes."""
    pattern = r'(@?)(?:"((?:[^"\\]|\\.)*)"|([^\s"\'\\;]+))(?:\s+|$)'
    words, rest = [], text
    while rest:
        match = re.match(pattern, rest)
        assert match, f"not a word: {rest}"
        words.append(match[1] + (match[2] if match[2] is not None else match[3]))
        rest = rest[match.end() :]
    return words


def _unescaped(word: str) -> str:
    def one(match: re.Match[str]) -> str:
        assert match[1] in '\\"', f"an escape of another kind: {match[0]}"
        return match[1]

    return re.sub(r"\\(.)", one, word)


def _without_variables(word: str) -> str:
    assert "$" not in word.replace("$$", ""), f"a variable: {word}"
    return word.replace("$$", "$")
