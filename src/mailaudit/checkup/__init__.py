"""What can be said of a set-up before the month: each check is a function in a list (`CHECKS`)."""

from mailaudit.checkup.checks import CHECKS, Checked, after_unreadable, check_setup
from mailaudit.checkup.finding import State
from mailaudit.checkup.setup import Setup

__all__ = ["CHECKS", "Checked", "Setup", "State", "after_unreadable", "check_setup"]
