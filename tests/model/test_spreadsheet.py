"""CSV that people open in a spreadsheet program."""

import csv
import io
import unicodedata

import pytest

from mailaudit.model.spreadsheet import GUARD, csv_for_people


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_is_no_formula_and_loses_nothing(start: str) -> None:
    """What stands in front of it is invisible, and the text is there as it was."""
    text = f'{start}cmd|"/c calc"!A1'
    [[cell]] = read(csv_for_people([[text]]))
    assert cell == GUARD + text
    assert unicodedata.category(GUARD) == "Cf"


def test_numbers_stay_numbers_and_other_text_is_untouched() -> None:
    """A number can't be a formula; to guard it would make a text of it."""
    rows = read(csv_for_people([["Mã", "Đơn vị"], [-5, "a-b=c@d.vn"], [1.5, ""]]))
    assert rows == [["Mã", "Đơn vị"], ["-5", "a-b=c@d.vn"], ["1.5", ""]]


def test_excel_sees_that_it_is_utf8() -> None:
    """By the mark at its beginning, without which letters with marks become others."""
    assert csv_for_people([["Sở Y tế"]]).startswith(b"\xef\xbb\xbf")
