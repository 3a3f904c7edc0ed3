"""Characters that XML forbids: Exchange writes those of a mail into its answers all the same."""

import re

# A reference to any character, or a forbidden one as it stands: a control character, U+FFFE and
# U+FFFF, and a surrogate alone, which is not UTF-8.
_DOUBTFUL = re.compile(
    rb"&#(?:x0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}));"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
)


def without_forbidden(content: bytes) -> bytes:
    """An answer in UTF-8 without the characters that XML 1.0 forbids (2.2), nor references to them.

    What else is in it, such as a reference to a character that is allowed, stays.
    """
    return _DOUBTFUL.sub(_allowed, content)


def _allowed(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
    is_allowed = (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
    return match[0] if is_allowed else b""
