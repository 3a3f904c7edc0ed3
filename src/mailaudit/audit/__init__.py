"""The straight line of one monthly audit: collect() fills a snapshot, report() makes files of it.

Only this room knows all the rooms it joins; the mail server and the store come in as Protocols
(`collaborators`).
pandas, Jinja2 and XlsxWriter are loaded when a report is made, not before.
"""

from mailaudit.audit.accounts import Accounts, list_accounts, write_accounts
from mailaudit.audit.collecting import RECORD_EVERY, collect
from mailaudit.audit.comparing import ComparedEditions, compare_editions, document_comparison
from mailaudit.audit.longer import evaluate_longer
from mailaudit.audit.measuring import TREND_MONTHS, Audited, evaluate, newer_edition
from mailaudit.audit.reconciling import (
    reconcile,
    roster_for_witness,
    write_reconciliation,
)
from mailaudit.audit.removing import summing
from mailaudit.audit.reporting import Composed, Written, compose_report, report
from mailaudit.audit.signs import find_signs, write_signs
from mailaudit.audit.unit_reports import UnitReports, write_unit_reports

__all__ = [
    "RECORD_EVERY",
    "TREND_MONTHS",
    "Accounts",
    "Audited",
    "ComparedEditions",
    "Composed",
    "UnitReports",
    "Written",
    "collect",
    "compare_editions",
    "compose_report",
    "document_comparison",
    "evaluate",
    "evaluate_longer",
    "find_signs",
    "list_accounts",
    "newer_edition",
    "reconcile",
    "report",
    "roster_for_witness",
    "summing",
    "write_accounts",
    "write_reconciliation",
    "write_signs",
    "write_unit_reports",
]
