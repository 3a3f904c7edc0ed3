"""Names of the Central Highlands, whose syllables are not those of Vietnamese, are Unicode.

The communes are those of July 2025, as the package vietnam-provinces has them.
"""

from pathlib import Path
from unicodedata import normalize

import pytest
from vietnam_provinces import Province, Ward

from list_builders import SheetOf, csv, xlsx
from mailaudit.model.layout import Layout
from mailaudit.roster import RosterFaults, read_roster, read_unit_list
from mailaudit.roster.errors import UnreadableText
from mailaudit.roster.files.legacy_text import TCVN3, VNI, are_unicode, marked_if_doubtful, read_as

PROVINCES, COMMUNES = 34, 3321
NAMES = [
    " ".join(name.split())
    for name in (
        *(province.name for province in Province.iter_all()),
        *(commune.name for commune in Ward.iter_all()),
    )
]
# Members of the National Assembly, officials, artists and athletes.
PEOPLE = [
    "Y Thanh Hà Niê Kđăm", "Y Biêr Niê", "Y Vinh Tơr", "Y Khút Niê", "Y Ngông Niê Kđăm",
    "Y Vêng", "Y Mửi", "Y Moan Ênuôl", "H'Hen Niê", "H'Yim Kđoh", "H'Zina Byă",
    "Ksor Phước", "Ksor Nham", "Ksor H'Bơ Khăp", "Kpă Thuyên", "Kpă Klơng", "Rơ Chăm Phiang",
    "Rah Lan Lâm", "Rah Lan Tuyết Nhung", "Siu Hương", "Siu Black", "Nay Der",
    "Đinh Núp", "Nàng Xô Vi", "Điểu K'Ré", "K'Nhiễu", "K'Mák", "Krajan Plin", "Bh'riu Liếc",
]  # fmt: skip


def spellings(name: str) -> set[str]:
    """A name as lists have it: capitals, small letters, composed or not, other forms of Đăk."""
    apart = normalize("NFD", name)
    other = {name.replace("Đăk", dak) for dak in ("Đắk", "Đak", "Dak")}
    return {name, name.upper(), name.lower(), name.title(), apart, *other}


def test_all_provinces_and_communes_are_looked_at() -> None:
    """The package has the units of after the mergers, not those of before."""
    assert (len(list(Province.iter_all())), len(list(Ward.iter_all()))) == (PROVINCES, COMMUNES)


@pytest.mark.parametrize("names", [NAMES, PEOPLE], ids=["units", "people"])
def test_name_alone_is_not_taken_for_legacy_text(names: list[str]) -> None:
    """In each spelling, and each of its words by itself, with nothing else in the file."""
    texts = {
        text for name in names for spelt in spellings(name) for text in (spelt, *spelt.split())
    }
    assert [text for text in texts if marked_if_doubtful(text) is not text] == []


@pytest.mark.parametrize("encoding", [None, TCVN3, VNI])
def test_unit_list_of_the_whole_country_is_read(tmp_path: Path, encoding: str | None) -> None:
    """As CSV and as a workbook, whatever the configuration says of other lists."""
    rows = [[f"C{number}", f"UBND {name}"] for number, name in enumerate(NAMES)]
    text = "".join(f"{code},{name}\n" for code, name in rows)
    header = ["Mã đơn vị", "Tên đơn vị"]
    for file in (
        csv(tmp_path / "units.csv", ",".join(header) + "\n" + text),
        xlsx(tmp_path / "units.xlsx", SheetOf([header, *rows])),
    ):
        listed = read_unit_list(file, encoding)
        assert [row.unit.name for row in listed.rows] == [name for _, name in rows]


@pytest.mark.parametrize("kind", [csv, xlsx])
def test_staff_list_in_unicode_stays_unicode_where_an_encoding_is_set(
    tmp_path: Path, kind: object
) -> None:
    """The one list of several that is not in the old font; "xã" is no "xó" there."""
    rows = [["Họ và tên", "Đơn vị", "Hộp thư"], ["Nguyễn Văn An", "UBND xã Ia Púch", "an@x.vn"]]
    if kind is csv:
        file = csv(tmp_path / "ds.csv", "".join(",".join(row) + "\n" for row in rows))
    else:
        file = xlsx(tmp_path / "ds.xlsx", SheetOf(rows))
    roster, _ = read_roster(file, layout=Layout(encoding=TCVN3))
    assert [unit.name for unit in roster.units] == ["UBND xã Ia Púch"]


@pytest.mark.parametrize(
    ("text", "encoding", "seen"),
    [
        ("§¨k L¨k", TCVN3, "Đăk Lăk"),
        ("X· Ngäk Bay", TCVN3, "Xã Ngọk Bay"),
        ("Ñaêk Noâng", VNI, "Đăk Nông"),
    ],
)
def test_highland_name_in_legacy_text_is_still_asked_about(
    text: str, encoding: str, seen: str
) -> None:
    """With its letters no Unicode text has; roster.encoding reads it."""
    assert isinstance(marked_if_doubtful(text), UnreadableText)
    assert isinstance(marked_if_doubtful(text, among_unicode=True), UnreadableText)
    assert read_as(text, encoding) == read_as(text, encoding, among_unicode=True) == seen


def test_rest_of_a_cell_in_unicode_decides() -> None:
    """A syllable that could be either: "Thóy" is Thúy in TCVN3, or a name of the highlands."""
    assert isinstance(marked_if_doubtful("Thóy"), UnreadableText)
    assert marked_if_doubtful(text := "Đăk Thóy") is text
    assert read_as(text, TCVN3) is text


def test_rest_of_a_file_in_unicode_decides() -> None:
    """ "Húnh" is Hỳnh in TCVN3; between names in Unicode it is not Vietnamese."""
    assert isinstance(marked_if_doubtful("Húnh"), UnreadableText)
    assert are_unicode(["xã", "Đăk", "Păh"])
    assert not are_unicode(["xã", "Đăk"])
    assert marked_if_doubtful(text := "Húnh", among_unicode=True) is text
    assert read_as(text, TCVN3, among_unicode=True) is text


@pytest.mark.parametrize("pasted", ["Së Néi vô", "Néi vô", "Nguyeãn Vaên An", "NguyÔn Thanh"])
def test_legacy_text_pasted_into_a_unicode_list_is_still_asked_about(
    tmp_path: Path, pasted: str
) -> None:
    """A word that is not a name of the highlands does not become one by its neighbours."""
    rows = "".join(f"{name},A{number}\n" for number, name in enumerate(PEOPLE))
    file = csv(tmp_path / "units.csv", f"Tên đơn vị,Mã đơn vị\n{rows}{pasted},B\n")
    with pytest.raises(RosterFaults, match=pasted):
        read_unit_list(file)
