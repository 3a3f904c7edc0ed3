"""How words of staff lists and rules are compared."""

from functools import lru_cache
from unicodedata import combining, normalize

from mailaudit.model.tones import with_tones_placed


@lru_cache(maxsize=4096)  # a staff list of any length knows few categories and statuses
def folded(text: str) -> str:
    """The text as categories, job titles and statuses are compared: NFC, one case, single spaces.

    Accents and đ stay what they are: `" Thai  SẢN "` equals `"thai sản"`, not `"thai san"`. Where
    a tone mark stands does not matter: `"đi học khoá"` equals `"đi học khóa"`.
    """
    return " ".join(with_tones_placed(text).casefold().split())


def without_accents(text: str) -> str:
    """The text with base letters only: "Đỗ Ước" -> "Do Uoc"."""
    plain = normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not combining(letter))
