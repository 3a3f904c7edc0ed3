"""Lineage: what became of units and mail domains, so that months before and after compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class EventKind(StrEnum):
    """What happened to units. Its value is what lists of events say."""

    RENAMED = "đổi tên"
    MERGED = "sáp nhập"
    SPLIT = "chia tách"
    DISSOLVED = "giải thể"
    MOVED = "chuyển cấp"


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """Units that went on as others, from one day on.

    Attributes:
        day: The first day of the new arrangement.
        predecessors, successors: Unit codes. A unit may be both: one that took another in.
            Without successors the predecessors are gone.
        document: The decision it rests on.
        place: Where it stands in the list of events, for messages.
    """

    day: date
    kind: EventKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...] = ()
    document: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """All that is known of units and mail domains that went on as others.

    Attributes:
        events: In the order of their days; those of one day in the order of the list.
        mail_domains: New by old domain: the mailbox `a@old` goes on as `a@new`.
    """

    events: tuple[UnitEvent, ...] = ()
    mail_domains: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def between(self, before: date, until: date) -> tuple[UnitEvent, ...]:
        """The events after the day `before`, up to and with the day `until`."""
        return tuple(event for event in self.events if before < event.day <= until)

    def newest_address(self, address: str) -> str:
        """The address under the newest domain: `an@daknong.vn -> an@lamdong.vn`."""
        name, _, domain = address.rpartition("@")
        seen = {domain}
        while (newer := self.mail_domains.get(domain)) is not None and newer not in seen:
            seen.add(newer)
            domain = newer
        return f"{name}@{domain}"
