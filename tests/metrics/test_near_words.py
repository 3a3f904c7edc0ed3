"""What words that no rule names most likely mean."""

import pytest

from mailaudit.metrics.near_words import NearWord, near_word
from mailaudit.model.rules import Rules
from mailaudit.model.usage import UnnamedWord, WordKind
from mailaudit.model.wording import folded

CONTRACT = ("hợp đồng lao động", "exempt_categories")
STAFF = ("viên chức", "in_scope_categories")
SERVANT = ("công chức", "in_scope_categories")
MATERNITY = ("thai sản", "excluded_statuses")
GONE = ("nghỉ hưu", "left_statuses")


def near(kind: WordKind, word: str, rules: Rules = Rules()) -> NearWord | None:  # noqa: B008
    return near_word(UnnamedWord(kind, folded(word), 1), rules)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("CC", SERVANT), ("CB", ("cán bộ", "in_scope_categories")), ("VC", STAFF),
        ("cong chuc", SERVANT), ("Công chúc", SERVANT), ("Công chức loại A1", SERVANT),
        ("Viên chức (y tế)", STAFF), ("HĐ 111", CONTRACT), ("HĐ111", CONTRACT), ("HĐLĐ", CONTRACT),
        ("HĐ-68", CONTRACT), ("hợp đồng", CONTRACT), ("Hợp đồng 111", CONTRACT),
        ("Hợp đồng theo Nghị định 111/2022/NĐ-CP", CONTRACT), ("LĐHĐ", CONTRACT),
        ("Lao động hợp đồng", CONTRACT), ("Người lao động", CONTRACT), ("NLĐ", CONTRACT),
        ("HĐND", None), ("hợp đồng làm việc", None), ("không chuyên trách", None),
        ("phi công", None),
    ],
)  # fmt: skip
def test_category_is_near_a_word_of_the_rules(word: str, meant: tuple[str, str] | None) -> None:
    """Abbreviations, additions and slips; a people's council is not a contract."""
    expected = None if meant is None else NearWord(meant[0], f"rules.{meant[1]}")
    assert near(WordKind.CATEGORY, word) == expected


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("nghỉ thai sản", MATERNITY), ("TS", MATERNITY), ("Nghỉ sinh con", MATERNITY),
        ("thai san", MATERNITY), ("nghỉ ốm", ("ốm", "excluded_statuses")),
        ("nghỉ không hưởng lương", ("không lương", "excluded_statuses")),
        ("cử đi học", ("đi học", "excluded_statuses")), ("nghỉ hưu trí", GONE), ("Hưu", GONE),
        ("đã thôi việc", ("thôi việc", "left_statuses")),
        ("đã chuyển công tác", ("chuyển công tác", "left_statuses")),
        ("mới tuyển dụng", ("mới tuyển", "joined_statuses")),
        ("Đang làm", ("đang làm việc", "in_scope_statuses")), ("nghỉ", None), ("VC", None),
    ],
)  # fmt: skip
def test_status_is_near_a_word_of_the_rules(word: str, meant: tuple[str, str] | None) -> None:
    """Categories are not looked for among statuses."""
    expected = None if meant is None else NearWord(meant[0], f"rules.{meant[1]}")
    assert near(WordKind.STATUS, word) == expected


def test_words_are_looked_for_in_the_rules_as_they_are() -> None:
    """A word is suggested where a configuration has it, and not at all where it has it not."""
    rules = Rules(
        exempt_categories=frozenset({"viên chức"}),
        in_scope_categories=frozenset({"lái xe cơ quan"}),
    )
    assert near(WordKind.CATEGORY, "VC", rules) == NearWord("viên chức", "rules.exempt_categories")
    assert near(WordKind.CATEGORY, "CC", rules) is None
    driver = NearWord("lái xe cơ quan", "rules.in_scope_categories")
    assert near(WordKind.CATEGORY, "lái xe", rules) == driver
