"""What is suggested to whoever types the code of no unit."""

from mailaudit.model.codes import similar_codes

NAMES = {f"H{number:02d}": f"Đơn vị {number}" for number in range(1, 60)}


def test_codes_equally_like_it_come_in_the_order_of_the_alphabet() -> None:
    """H01 is what H1 is likely to mean, not H51; what is more like it goes before."""
    assert similar_codes("H1", NAMES).startswith("H01 (Đơn vị 1), ")
    assert similar_codes("h59", NAMES).startswith("H59 (Đơn vị 59), ")
    assert similar_codes("xyz", NAMES) == ""
