"""Exchange Web Services: what each mailbox did in a Period, in about two requests a mailbox."""

from mailaudit.sources.ews.client import LoginRefusedError
from mailaudit.sources.ews.faults import MailboxFault
from mailaudit.sources.ews.fleet import EwsFleet, open_source
from mailaudit.sources.ews.probe import Opened, Probe
from mailaudit.sources.ews.server import EwsServer, Limits
from mailaudit.sources.ews.source import EwsSource

__all__ = [
    "EwsFleet",
    "EwsServer",
    "EwsSource",
    "Limits",
    "LoginRefusedError",
    "MailboxFault",
    "Opened",
    "Probe",
    "open_source",
]
