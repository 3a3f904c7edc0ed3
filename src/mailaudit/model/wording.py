"""How words of staff lists and rules are compared."""

from functools import lru_cache

from mailaudit.model.tones import with_tones_placed


@lru_cache(maxsize=4096)  # a staff list of any length knows few categories and statuses
def folded(text: str) -> str:
    """The text as categories, job titles and statuses are compared: NFC, one case, single spaces.

    Accents and đ stay what they are: `" Thai  SẢN "` equals `"thai sản"`, not `"thai san"`. Where
    a tone mark stands does not matter: `"đi học khoá"` equals `"đi học khóa"`.
    """
    return " ".join(with_tones_placed(text).casefold().split())
