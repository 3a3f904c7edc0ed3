"""One message of recorded traffic."""

from collections.abc import Sequence
from typing import NamedTuple


class Message(NamedTuple):
    """One message; `sent_at` in seconds from 1970."""

    sent_at: int
    sender: str
    recipients: Sequence[str]
