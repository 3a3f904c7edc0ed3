"""Moments to kill a command at that lie on both sides of what it does, on any machine."""

import random
from dataclasses import dataclass

_STEP = 1.5


@dataclass(slots=True)
class Moments:
    """Random moments that reach further after a kill that came too early, less far after others.

    How long a command takes is never the same twice: the first one reads more from the disk, and
    whatever else the machine does holds up some and not others.

    Attributes:
        reach_s: The last moment there can be, seconds.
    """

    chance: random.Random
    reach_s: float

    def draw_s(self) -> float:
        """A moment, seconds."""
        return self.chance.uniform(0, self.reach_s)

    def learn(self, *, too_early: bool) -> None:
        """Takes in how the last kill came: before what it was to hit, or not."""
        self.reach_s *= _STEP if too_early else 1 / _STEP
