"""Which unit's code is meant, and what is suggested to whoever types the code of no unit."""

from unicodedata import normalize

from mailaudit.model.codes import meant_code, similar_codes

NAMES = {f"H{number:02d}": f"Đơn vị {number}" for number in range(1, 60)}


def test_codes_equally_like_it_come_in_the_order_of_the_alphabet() -> None:
    """H01 is what H1 is likely to mean, not H51; what is more like it goes before."""
    assert similar_codes("H1", NAMES).startswith("H01 (Đơn vị 1), ")
    assert similar_codes("h59", NAMES).startswith("H59 (Đơn vị 59), ")
    assert similar_codes("xyz", NAMES) == ""


def test_code_is_known_in_whatever_case_it_is_typed() -> None:
    """But never taken for another one: two that differ in case alone are typed exactly."""
    assert meant_code("h01", NAMES) == "H01"
    assert meant_code(normalize("NFD", "sở-yt"), ["SỞ-YT"]) == "SỞ-YT"
    assert meant_code("h1", NAMES) is None
    assert [meant_code(code, ["a1", "A1"]) for code in ("a1", "A1", "Á1")] == ["a1", "A1", None]
    assert meant_code("xã1", ["Xã1", "XÃ1"]) is None
