"""Exchange Web Services: what each mailbox did in a Period, in about two requests a mailbox."""

from mailaudit.sources.ews.client import LoginRefusedError
from mailaudit.sources.ews.probe import Opened, Probe
from mailaudit.sources.ews.server import EwsServer

__all__ = [
    "EwsServer",
    "LoginRefusedError",
    "Opened",
    "Probe",
]
