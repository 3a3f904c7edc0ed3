"""The same Report gives the same bytes: whatever process, system, time zone or hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from report_builders import a_report

from mailaudit.report.excel import (
    render_unit_workbooks,
    unit_workbooks_in_background,
    workbook,
)

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent

SCRIPT = """
import hashlib, sys, zipfile
from annex_builders import LETTERHEAD, the_wording
from report_builders import a_report
from mailaudit.report.rendering import Documents, render_documents
from mailaudit.report.excel import render_excel, render_unit_excel
from mailaudit.report.html import render_html, render_units
zipfile.sys = type("System", (), {"platform": sys.argv[1]})  # what a part says of its system
for lang in ("vi", "en"):
    report = a_report(lang=lang)
    print(hashlib.sha256(render_html(report).encode()).hexdigest())
    print(hashlib.sha256(repr(list(render_units(report))).encode()).hexdigest())
    print(hashlib.sha256(render_excel(report)).hexdigest())
    print(hashlib.sha256(render_unit_excel(report, report.units[0])).hexdigest())
    wanted = Documents(frozenset({"docx", "pdf", "brief"}), LETTERHEAD, the_wording(lang))
    for content in render_documents(report, wanted).values():
        print(hashlib.sha256(content).hexdigest())
"""


def digests(seed: str, zone: str, system: str) -> list[str]:
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(HERE)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, system],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_two_processes_render_the_same_bytes() -> None:
    """Sets, dictionaries, clocks, time zones and systems leave no trace in the files."""
    first = digests("1", "Asia/Ho_Chi_Minh", "linux")

    assert len(set(first)) == 16
    assert digests("4242", "America/New_York", "win32") == first


def test_workbooks_rendered_beside_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of many units come from another process, those of few from this one."""
    report = a_report()
    with unit_workbooks_in_background(report) as of_few:
        here = list(of_few())
    monkeypatch.setattr(workbook, "MANY", 1)
    with unit_workbooks_in_background(report) as of_many:
        there = of_many()

    assert here
    assert there == here == list(render_unit_workbooks(report))
