"""Vietnamese names as people have them, and the addresses made of them."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

Draw = Callable[[], float]  # a number in [0, 1)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FAMILIES = (
    *("Nguyễn",) * 9,
    *("Trần",) * 4,
    *("Lê",) * 3,
    *("Phạm", "Hoàng", "Phan", "Võ", "Đặng", "Bùi", "Đỗ") * 2,
    *("Hồ", "Ngô", "Dương", "Lý", "Đinh", "Lương", "Mai", "Trịnh", "Đoàn", "Cao", "Y", "K'"),
)
_WOMEN = ("Thị", "Thị", "Thị Thu", "Thị Ngọc", "Thị Kim", "Thùy", "Ngọc", "Bảo", "Thanh", "Diệu")
_MEN = ("Văn", "Văn", "Đức", "Minh", "Quốc", "Hữu", "Xuân", "Công", "Đình", "Thanh", "Tuấn")
_WOMENS_GIVEN = _words(
    "Anh Bình Chi Dung Duyên Đào Giang Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Khánh Lan Liên Linh"
    " Loan Ly Mai My Nga Ngân Nhung Oanh Phương Quyên Quỳnh Tâm Thảo Thúy Thương Trang Trinh Tuyết"
    " Uyên Vân Xuân Yến"
)
_MENS_GIVEN = _words(
    "An Bảo Bình Cường Dũng Duy Đạt Đông Đức Giang Hải Hiếu Hòa Hoàng Hùng Huy Hưng Khánh Khoa"
    " Kiên Lâm Long Lộc Minh Nam Nghĩa Nhân Phong Phúc Quang Quân Sơn Tài Tân Thái Thành Thắng"
    " Thiện Thịnh Tiến Toàn Trung Tú Tuấn Tùng Việt Vinh Vũ"
)


def pick(draw: Draw, choices: Sequence[T]) -> T:
    """One of the choices. Uses one draw, whatever the version of Python."""
    return choices[int(draw() * len(choices))]


def draw_name(draw: Draw) -> str:
    """A full name, family name first."""
    woman = draw() < 0.52
    family = pick(draw, _FAMILIES)
    middle = pick(draw, _WOMEN if woman else _MEN)
    given = pick(draw, _WOMENS_GIVEN if woman else _MENS_GIVEN)
    return f"{family} {middle} {given}"


def ascii_letters(text: str) -> str:
    """Text without its diacritics, in lower case, letters only."""
    folded = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in folded if c.isascii() and c.isalpha())


def local_part(name: str) -> str:
    """The usual address of a name: given name and the initials of the rest (`binhntt`)."""
    *rest, given = name.split()
    return ascii_letters(given) + "".join(ascii_letters(word)[:1] for word in rest)
