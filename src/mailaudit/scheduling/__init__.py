"""When commands start by themselves: one description of each, and the schedulers of the systems."""

from mailaudit.scheduling.job import Job, Kind, key_of
from mailaudit.scheduling.last_run import LastRun, last_run
from mailaudit.scheduling.machine import Machine, this_machine
from mailaudit.scheduling.schedulers import Installed, Scheduler, choose, find_installed, schedulers

__all__ = [
    "Installed",
    "Job",
    "Kind",
    "LastRun",
    "Machine",
    "Scheduler",
    "choose",
    "find_installed",
    "key_of",
    "last_run",
    "schedulers",
    "this_machine",
]
