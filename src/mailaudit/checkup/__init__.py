"""What can be said of a set-up before the month: each check is a function in a list (`CHECKS`)."""

from mailaudit.checkup.checks import CHECKS, Checked, check_setup, unreadable
from mailaudit.checkup.finding import State
from mailaudit.checkup.setup import Setup

__all__ = ["CHECKS", "Checked", "Setup", "State", "check_setup", "unreadable"]
