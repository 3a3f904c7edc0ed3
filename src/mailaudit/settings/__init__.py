"""Settings: one TOML file, checked as a whole; frozen; the secret stays where it is kept."""

from mailaudit.settings.delivery import Delivery
from mailaudit.settings.directory import Directory
from mailaudit.settings.document import Settings, load_settings
from mailaudit.settings.notify import NoticeSettings
from mailaudit.settings.problems import SettingsError
from mailaudit.settings.secret import Secret
from mailaudit.settings.servers import ExchangeServer, LiveServer, NamedLogs, Server
from mailaudit.settings.witnesses import Witness

__all__ = [
    "Delivery",
    "Directory",
    "ExchangeServer",
    "LiveServer",
    "NamedLogs",
    "NoticeSettings",
    "Secret",
    "Server",
    "Settings",
    "SettingsError",
    "Witness",
    "load_settings",
]
