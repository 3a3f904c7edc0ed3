"""How people write periods, and what each is called here."""

from unicodedata import normalize

import pytest

from mailaudit.cli.period_forms import usual_form


@pytest.mark.parametrize(
    ("meant", "written"),
    [
        ("2026-09", "9/2026 09/2026 09-2026 2026-9 2026/09 2026.9 T9/2026 t09-2026 2026T9 20269"),
        (
            "2026-10",
            "202610|102026|10/2026|tháng 10/2026|Tháng 10 năm 2026|2026 - 10|tháng 10-2026",
        ),
        ("2026-Q3", "Q3-2026 q3/2026 2026Q3 2026/q3 QIII/2026 2026-QIII"),
        ("2026-Q4", "quý 4/2026|Quý IV năm 2026|QUÝ IV/2026|quí 4 2026|2026 quý 4"),
        ("2026-H1", "H1/2026|2026H1|6 tháng đầu năm 2026|sáu tháng đầu 2026"),
        ("2026-H2", "h2-2026|6 tháng cuối năm 2026"),
        ("2026", "năm 2026|Năm 2026"),
    ],
)
def test_usual_form_is_found(meant: str, written: str) -> None:
    """Also where letters and their marks are typed apart, as on a Mac."""
    texts = written.split("|") if "|" in written else written.split()
    for text in texts:
        assert usual_form(text) == meant, text
        assert usual_form(normalize("NFD", text)) == meant, text


@pytest.mark.parametrize(
    "text",
    ["", "13/2026", "0/2026", "2026-13", "Q5-2026", "Q0/2026", "H3/2026", "9/26", "2026-10-01",
     "tháng mười", "٩/٢٠٢٦", "1/2/2026", "Q3", "x" * 10_000, "9" * 10_000, "99999", "202613"],
)  # fmt: skip
def test_what_could_be_anything_is_not_guessed(text: str) -> None:
    assert usual_form(text) is None
