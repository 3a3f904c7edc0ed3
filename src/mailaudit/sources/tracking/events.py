"""Which rows count, by the source and the event that they name."""

import re
from collections import Counter
from collections.abc import Mapping
from enum import IntEnum, auto
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class Event(IntEnum):
    """What a row says."""

    OTHER = 0  # nothing that counts
    UNKNOWN = auto()
    DELIVERED = auto()
    SUBMITTED = auto()  # by a program, to the server of its mailbox
    RECEIVED = auto()  # by transport from there
    RELAYED = auto()  # by SMTP
    NO_MAIL = auto()  # a rule's answer or a report


_EVENTS: Mapping[tuple[bytes, bytes], Event] = {
    (b"STOREDRIVER", b"DELIVER"): Event.DELIVERED,
    (b"STOREDRIVER", b"SUBMIT"): Event.SUBMITTED,
    (b"STOREDRIVER", b"RECEIVE"): Event.RECEIVED,
    (b"SMTP", b"RECEIVE"): Event.RELAYED,
}
_NO_MAIL_SOURCES = frozenset({b"MAILBOXRULE", b"DSN"})
# The other events that Microsoft describes ("Event types in the message tracking log").
_OTHER_EVENTS = frozenset(
    b"""
    AGENTINFO BADMAIL CLIENTSUBMISSION DEFER DELIVER DELIVERFAIL DROP DSN DUPLICATEDELIVER
    DUPLICATEEXPAND DUPLICATEREDIRECT EXPAND FAIL HADISCARD HARECEIVE HAREDIRECT HAREDIRECTFAIL
    INITMESSAGECREATED LOAD MODERATIONEXPIRE MODERATORAPPROVE MODERATORREJECT MODERATORSALLNDR
    NOTIFYMAPI NOTIFYSHADOW POISONMESSAGE PROCESS PROCESSMEETINGMESSAGE RECEIVE REDIRECT RESOLVE
    RESUBMIT RESUBMITDEFER RESUBMITFAIL SEND SUBMIT SUBMITDEFER SUBMITFAIL SUPPRESSED THROTTLE
    TRANSFER
    """.split()
)
_NAME = re.compile(rb"[A-Z]{2,40}")
_NO_NAME = "?"  # of an event that may be anything


def events_of(rows: pa.Table) -> tuple[NDArray[Any], Counter[str]]:
    """The Event of each row, and how many rows have each unknown event, by its name."""
    sources, names = (
        rows[name].combine_chunks().dictionary_encode() for name in ("source", "event-id")
    )
    size = len(names.dictionary)
    pairs = sources.indices.to_numpy().astype(np.int64) * size + names.indices.to_numpy()
    found, places, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    texts = [
        (sources.dictionary[pair // size].as_py(), names.dictionary[pair % size].as_py())
        for pair in found.tolist()
    ]
    events = [_event(source, name) for source, name in texts]
    unknown: Counter[str] = Counter()
    for event, (_, name), count in zip(events, texts, counts.tolist(), strict=True):
        if event is Event.UNKNOWN:
            unknown[name.decode() if _NAME.fullmatch(name) else _NO_NAME] += count
    return np.array(events, np.int8)[places], unknown


@lru_cache(1024)
def _event(source: bytes, name: bytes) -> Event:
    if source in _NO_MAIL_SOURCES:
        return Event.NO_MAIL
    other = Event.OTHER if name in _OTHER_EVENTS else Event.UNKNOWN
    return _EVENTS.get((source, name), other)
