"""IMAP: what each mailbox did in a Period, in two flights of commands once it is connected to.

Only what describes a server is imported with it: to connect needs much more.
"""

from mailaudit.sources.imap.server import ImapServer as ImapServer
