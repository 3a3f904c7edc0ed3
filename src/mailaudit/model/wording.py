"""How words of staff lists and rules are compared."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)  # a staff list of any length knows few categories and statuses
def folded(text: str) -> str:
    """The text as categories, job titles and statuses are compared: NFC, one case, single spaces.

    Accents and đ stay what they are: `" Thai  SẢN "` equals `"thai sản"`, not `"thai san"`.
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
