"""Where tone marks stand: two fashions of writing one word."""

from unicodedata import normalize

import pytest

from mailaudit.model.tones import with_tones_placed
from mailaudit.model.wording import folded


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("hoà", "hòa"), ("Hoá", "Hóa"), ("HOẠ", "HỌA"), ("khoẻ", "khỏe"), ("xoã", "xõa"),
        ("thuỷ", "thủy"), ("Thuý Hoà", "Thúy Hòa"), ("luỹ", "lũy"), ("Hoà-Bình", "Hòa-Bình"),
    ],
)  # fmt: skip
def test_both_fashions_become_one(newer: str, older: str) -> None:
    """Composed or not, the result is the same and composed."""
    for text in (newer, older, normalize("NFD", newer), normalize("NFD", older)):
        assert with_tones_placed(text) == older


@pytest.mark.parametrize("text", ["hoàn", "quý", "quà", "khuyến", "hoa", "Toàn", "tuyết", "xoay"])
def test_words_with_one_spelling_stay(text: str) -> None:
    """With a letter behind, or after q, there is no choice."""
    assert with_tones_placed(text) == text


def test_wrong_mark_after_q_is_moved() -> None:
    """The u of "qu" bears no tone, though some keyboards put it there."""
    assert with_tones_placed("qúy Qủa") == "quý Quả"


def test_other_tones_are_other_words() -> None:
    """Only the place of the mark is indifferent."""
    assert (
        len({with_tones_placed(word) for word in ("hoa", "hòa", "hóa", "hỏa", "hõa", "họa")}) == 6
    )


def test_words_of_rules_meet_words_of_lists_in_either_fashion() -> None:
    """A status as the staff list writes it, a rule as the configuration does."""
    assert folded(" ĐI HỌC  KHOÁ ") == folded("đi học khóa")
    assert folded("thai sản") != folded("thai san")
