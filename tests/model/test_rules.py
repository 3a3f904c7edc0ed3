"""Rules: the defaults are the published ones."""

from dataclasses import fields
from fractions import Fraction

from mailaudit.model.rules import Rules
from mailaudit.model.wording import folded


def test_rules_default_grades_cover_every_share() -> None:
    """Best first, each starting lower than the one before, the last from 0."""
    starts = [grade.from_share for grade in Rules().grades]
    assert starts == sorted(set(starts), reverse=True)
    assert starts[-1] == 0


def test_rules_defaults_are_the_published_thresholds() -> None:
    """A changed default moves published numbers and must be changed here, knowingly."""
    rules = Rules()
    assert (rules.min_sent_days, rules.read_grace_working_days, rules.read_waived_below) == (
        4,
        3,
        5,
    )
    assert (rules.min_in_scope, rules.small_unit) == (5, 10)
    assert [rules.min_read_share, rules.min_coverage, rules.target] == [
        Fraction(4, 5), Fraction(19, 20), Fraction(9, 10),
    ]  # fmt: skip
    assert rules.min_joined_working_days == 10
    assert [rules.min_excluded_share, rules.max_exempt_share] == [Fraction(1, 2), Fraction(1, 10)]
    assert [(grade.name, grade.from_share) for grade in rules.grades] == [
        ("Tốt", Fraction(9, 10)),
        ("Khá", Fraction(8, 10)),
        ("Trung bình", Fraction(6, 10)),
        ("Yếu", Fraction(0)),
    ]


def test_rules_compare_words_in_lower_case() -> None:
    """The staff list's words are lowered before they are looked up here."""
    rules = Rules()
    words = [
        word
        for field in fields(Rules)
        if isinstance(listed := getattr(rules, field.name), frozenset)
        for word in listed
    ]
    assert len(words) == 15
    assert words == [folded(word) for word in words]
