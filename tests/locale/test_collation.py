"""The order of Vietnamese names, held against CLDR's as the ICU library sorts by it."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from debian import wanting
from mailaudit.locale.collation import person_order, text_order

# Debian's python3-icu belongs to the system's interpreter; it cannot be had from a package index
# without a compiler.
PYTHON = "/usr/bin/python3"
SORT = """
import icu, json, sys
print(json.dumps(sorted(json.load(sys.stdin),
    key=icu.Collator.createInstance(icu.Locale("vi")).getSortKey)))
"""
VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
ONSETS = ["", "b", "c", "ch", "d", "đ", "g", "h", "n", "ng", "ngh", "nh", "t", "th", "tr", "x"]


def sorted_by_icu(texts: list[str]) -> list[str]:
    if not Path(PYTHON).exists():
        pytest.skip(wanting("python3-icu"))
    done = subprocess.run(
        [PYTHON, "-c", SORT], input=json.dumps(texts), capture_output=True, text=True
    )
    if "No module named 'icu'" in done.stderr:
        pytest.skip(wanting("python3-icu"))
    assert done.returncode == 0, done.stderr
    ordered: list[str] = json.loads(done.stdout)
    return ordered


def test_text_order_is_that_of_cldr() -> None:
    """Five thousand texts of one to three syllables, every letter and tone in them, both cases."""
    chance = random.Random(8)  # noqa: S311 - not a secret
    texts = set(VOWELS) | set(VOWELS.upper()) | {"d", "đ", "D", "Đ"}
    while len(texts) < 5000:
        words = (
            chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(["", "n", "ng", "c", "u"])
            for _ in range(chance.randint(1, 3))
        )
        text = " ".join(words)
        texts.add(chance.choice([text, text.title(), text.upper()]))
    shuffled = sorted(texts)
    chance.shuffle(shuffled)

    assert sorted(shuffled, key=text_order) == sorted_by_icu(shuffled)


def test_tones_and_letters_stand_as_documented() -> None:
    """The one order the project has, without any library: letters first, then tones."""
    ordered = [
        "la",
        "là",
        "lả",
        "lã",
        "lá",
        "lạ",
        "lan",
        "lăn",
        "lân",
        "lê",
        "lo",
        "lô",
        "lơ",
        "lư",
    ]
    assert sorted(set(ordered), key=text_order) == ordered
    assert sorted(["đa", "e", "dz", "Đà", "da"], key=text_order) == ["da", "dz", "đa", "Đà", "e"]


def test_people_stand_by_given_name_first() -> None:
    """Given name, middle names, family name; the same people in any order sort the same."""
    ordered = [
        "An",
        "Lê An",
        "Trần Thị An",
        "Lê Văn An",
        "Trần Văn An",
        "Đỗ Thị Ngọc Ánh",
        "Phạm Bình",
        "Vũ Đình Đức",
        "Hoàng Yến",
    ]
    assert sorted(set(ordered), key=person_order) == ordered
