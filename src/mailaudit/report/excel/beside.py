"""The workbooks of many units take as long as all else; a second process renders them meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from mailaudit.report.apart import begun, process_apart, result_of
from mailaudit.report.excel.workbook import render_unit_workbooks
from mailaudit.report.value import Report

MANY = 100  # units: for fewer it is not worth the second it takes to start a process

Workbooks = Iterable[tuple[str, bytes]]


@contextmanager
def unit_workbooks_beside(report: Report) -> Iterator[Callable[[], Workbooks]]:
    """What gives the workbooks of `render_unit_workbooks` when they are wanted; of many units,
    they are begun at once in a process of their own.
    """
    if len(report.units) < MANY:
        yield lambda: render_unit_workbooks(report)
        return
    with process_apart() as helper:
        future = begun(helper, _rendered, report)
        yield lambda: result_of(future)


def _rendered(report: Report) -> Workbooks:
    return list(render_unit_workbooks(report))
