"""Exchange Web Services: what each mailbox did in a Period, in about two requests a mailbox.

Only what describes a server is imported with it: to connect needs much more.
"""

from mailaudit.sources.ews.server import EwsServer as EwsServer
