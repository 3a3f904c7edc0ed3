"""The straight line of one monthly audit: collect() fills a snapshot, report() makes files of it.

Only this room knows all the rooms it joins; the mail server and the store come in as Protocols
(`collaborators`).
pandas, Jinja2 and XlsxWriter are loaded when a report is made, not before.
"""

from mailaudit.audit.collecting import RECORD_EVERY, collect
from mailaudit.audit.longer import evaluate_longer
from mailaudit.audit.measuring import TREND_MONTHS, Audited, evaluate, newer_edition
from mailaudit.audit.reporting import Composed, Written, compose_report, report

__all__ = [
    "RECORD_EVERY",
    "TREND_MONTHS",
    "Audited",
    "Composed",
    "Written",
    "collect",
    "compose_report",
    "evaluate",
    "evaluate_longer",
    "newer_edition",
    "report",
]
