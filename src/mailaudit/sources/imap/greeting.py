"""What a server says of itself: what it can do, and what it is."""

import re

from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_response

_CODE = re.compile(rb"\[CAPABILITY ([^\]\r\n]*)\]", re.I)
_ANSWER = re.compile(rb"CAPABILITY (.*)", re.I)
_LONGEST = 60  # characters of what it calls itself


def capabilities_in(line: bytes) -> frozenset[str]:
    """The capabilities that a line names, upper case; none where it is of something else."""
    found = _CODE.search(line) or _ANSWER.match(line)
    if found is None:
        return frozenset()
    return frozenset(found[1].decode("ascii", "replace").upper().split())


def read_id(lines: list[bytes]) -> str:
    """Name and version from the answer to ID (RFC 2971), "" where there is none."""
    for line in lines:
        if not line.upper().startswith(b"ID "):
            continue
        try:
            (_, pairs, *_) = parse_response([line])
        except (ProtocolError, ValueError, TypeError, RecursionError):
            return ""
        if not isinstance(pairs, tuple):
            return ""
        said = {
            key.lower(): value.decode("utf-8", "replace")
            for key, value in zip(pairs[::2], pairs[1::2], strict=False)
            if isinstance(key, bytes) and isinstance(value, bytes)
        }
        name = " ".join(filter(None, (said.get(b"name"), said.get(b"version"))))
        return "".join(letter for letter in name if letter.isprintable())[:_LONGEST]
    return ""
