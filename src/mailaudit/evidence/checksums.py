"""SHA256SUMS: the list of a pack's files, in the form that `sha256sum -c` reads."""

import re
from collections.abc import Mapping
from hashlib import sha256

from mailaudit.evidence.archive import LONGEST_NAME, MOST_FILES, NAME

CHECKSUMS = "SHA256SUMS"

_LINE = re.compile(rf"(?P<digest>[0-9a-f]{{64}})  (?P<name>{NAME})")
_LONGEST = 64 + 2 + LONGEST_NAME + 1  # of a line


def checksums_of(files: Mapping[str, bytes]) -> bytes:
    """The list of these files."""
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "".join(lines).encode()


def read_checksums(content: bytes) -> dict[str, str] | None:
    """The digest of each file named; None where it is not such a list."""
    if len(content) > MOST_FILES * _LONGEST:
        return None
    try:
        lines = content.decode("ascii").splitlines()
    except UnicodeDecodeError:
        return None
    found = [_LINE.fullmatch(line) for line in lines]
    digests = {match["name"]: match["digest"] for match in found if match is not None}
    return digests if digests and len(digests) == len(lines) else None
