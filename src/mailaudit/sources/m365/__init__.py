"""Microsoft 365 usage reports: what was sent and received by day, from files.

`report` reads one file, `month` those of a month together, `source` gives each mailbox's outcome.
"""

from mailaudit.sources.m365.source import UsageReports, describe

__all__ = ["UsageReports", "describe"]
