"""Text of the fonts from before Unicode: what it says, and when only a person can decide."""

import shutil
import subprocess
from unicodedata import normalize

import pytest

from debian import wanting
from mailaudit.roster.errors import BadCell, UnreadableText
from mailaudit.roster.files.legacy_text import (
    TCVN3,
    VNI,
    converted,
    is_syllable,
    legacy_font,
    marked_if_doubtful,
    read_as,
    readings,
)

WORDS = ["nghiêng", "quyển", "Thuỷ", "Thủy", "giặt", "khuỷu", "Huỳnh", "ngoèo", "quốc"]
VOWELS = "aàảãáạeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"


def test_tcvn3_is_what_the_c_library_says() -> None:
    """Every byte above ASCII that TCVN3 has a letter for, against glibc's own table."""
    if shutil.which("iconv") is None:
        pytest.skip(wanting("libc-bin"))
    known = [code for code in range(0xA1, 0x100) if converted(chr(code), TCVN3) != chr(code)]
    assert len(known) == 73  # and ý, which is where it is in Western encodings
    for code in known:
        done = subprocess.run(
            ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"],
            # The line feed lets iconv give out a letter that a tone might still follow.
            input=bytes([code]) + b"\n",
            capture_output=True,
            check=True,
        )
        assert normalize("NFC", done.stdout.decode().strip()) == converted(chr(code), TCVN3)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("ÑAÛNG COÄNG SAÛN VIEÄT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM"),
        ("Uûy ban nhaân daân tænh Laâm Ñoàng", "Ủy ban nhân dân tỉnh Lâm Đồng"),
        ("Söû duïng thö ñieän töû, göûi vaên baûn", "Sử dụng thư điện tử, gửi văn bản"),
        ("Nguyeãn Thò Myõ Höông, Traàn Quoác Khaùnh", "Nguyễn Thị Mỹ Hương, Trần Quốc Khánh"),
        ("Phöôøng Ñöùc Troïng, Ñaêk Noâng, Kyø", "Phường Đức Trọng, Đăk Nông, Kỳ"),
    ],
)
def test_vni_text_says_what_is_seen(text: str, seen: str) -> None:
    """Sentences as they stand in old documents."""
    assert converted(text, VNI) == seen


@pytest.mark.parametrize("text", ["NguyÔn V¨n An", "Së Néi vô", "§ç ThÞ H­¬ng", "Hµ"])
def test_tcvn3_without_a_font_is_asked_about(text: str) -> None:
    """It reads as no Vietnamese, and would as TCVN3: reading it names the key that decides."""
    doubtful = marked_if_doubtful(text)
    assert isinstance(doubtful, UnreadableText)
    with pytest.raises(BadCell) as caught:
        raise doubtful.fault()
    assert dict(caught.value.values)["choice"] == '"tcvn3"'


@pytest.mark.parametrize("text", ["Nguyeãn Vaên An", "Sôû Noäi vuï", "Ñoã Thò Höông", "Leâ"])
def test_vni_without_a_font_is_asked_about(text: str) -> None:
    """The same for VNI, and never taken for TCVN3."""
    assert list(readings(text)) == [VNI]


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn Ân", "Hoà", "hòa thuý", "José Müller", "Sở Y tế", "Đắk Lắk", "Y Blô Niê",
        "K'Brěh", "Phó CT. HĐND", "– § 5 °", "Lò Thị Ó", "QUỲNH", "Nguyễn Ñaño",
    ],
)  # fmt: skip
def test_unicode_is_left_alone(text: str) -> None:
    """Vietnamese in either fashion of tones, other languages, and signs."""
    assert marked_if_doubtful(text) is text


def test_text_half_unicode_is_not_guessed() -> None:
    """A name typed on in another font stays unreadable even when the encoding is known."""
    assert isinstance(read_as("NguyÔn V¨n Ước", TCVN3), UnreadableText)
    font = legacy_font(".VnTime")
    assert font is not None
    assert isinstance(font.read("NguyÔn V¨n Ước", also_unicode=False), UnreadableText)


def test_font_that_is_also_used_for_unicode_is_no_proof() -> None:
    """ "Tó" is a word; in TCVN3 it says "Tú". The font decides, unless it is used for both."""
    font = legacy_font(".VnTime")
    assert font is not None
    assert font.read("Tó", also_unicode=False) == "Tú"
    assert isinstance(font.read("Tó", also_unicode=True), UnreadableText)
    assert font.read("Hà", also_unicode=True) == "Hà"  # no TCVN3 text has this "à"


@pytest.mark.parametrize(
    ("name", "encoding", "capitals"),
    [
        (".VnTime", TCVN3, False),
        (".VnTimeH", TCVN3, True),
        (".VnArial NarrowH", TCVN3, True),
        (".vnarial", TCVN3, False),
        ("VNI-Times", VNI, False),
        ("VNI Helve", VNI, False),
    ],
)
def test_fonts_are_known_by_name(name: str, encoding: str, capitals: bool) -> None:
    """A font whose name ends in H draws small letters as capitals."""
    font = legacy_font(name)
    assert font is not None
    assert (font.encoding, font.capitals) == (encoding, capitals)
    assert font.read("an", also_unicode=False) == ("AN" if capitals else "an")


@pytest.mark.parametrize("name", ["Times New Roman", "Arial", "VnTimes", "UVN Ba Le", ""])
def test_other_fonts_are_unicode(name: str) -> None:
    """Nothing is turned that need not be."""
    assert legacy_font(name) is None


def test_syllables_of_every_vowel_are_known() -> None:
    """Each vowel by itself, and what cannot be a syllable: two tones, a tone too late."""
    assert all(map(is_syllable, VOWELS))
    assert all(map(is_syllable, WORDS))
    assert not any(map(is_syllable, ["toán̉", "leõ", "nguyeãn", "ñ", "Müller", "hóà"]))
