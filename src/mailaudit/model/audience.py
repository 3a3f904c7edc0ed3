"""Audience: whom a report is for, which decides how much detail is in it."""

from enum import StrEnum


class Audience(StrEnum):
    """Each sees what the one before it sees, and more."""

    PUBLIC = "public"  # units and groups; no figures of few people
    LEADER = "leader"  # and, on the page of a unit, the list of its own staff
    IT = "it"  # everything

    @property
    def sees_own_staff(self) -> bool:
        """Whether a unit's page lists its staff."""
        return self is not Audience.PUBLIC

    @property
    def sees_everything(self) -> bool:
        """Whether small units, and what is to be repaired where, are shown."""
        return self is Audience.IT
