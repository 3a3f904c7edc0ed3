"""Settings: one TOML file, checked as a whole; frozen; the secret stays where it is kept."""

from mailaudit.settings.document import (
    CalendarFile,
    Organisation,
    ReportOutput,
    Server,
    Settings,
    StoreFile,
    load_settings,
)
from mailaudit.settings.problems import KeyProblem, SettingsError
from mailaudit.settings.roster import RosterFiles
from mailaudit.settings.secret import Secret

__all__ = [
    "CalendarFile",
    "KeyProblem",
    "Organisation",
    "ReportOutput",
    "RosterFiles",
    "Secret",
    "Server",
    "Settings",
    "SettingsError",
    "StoreFile",
    "load_settings",
]
