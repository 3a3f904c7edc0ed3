"""The file of a pack: one form, every byte of it accounted for, harmless whatever is in it."""

import random
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from evidence_builders import FILE, the_files

from mailaudit.errors import PackError
from mailaudit.evidence import archive
from mailaudit.evidence.archive import archive_of, read_archive, refuse_size
from mailaudit.evidence.check import read_pack
from mailaudit.evidence.checksums import CHECKSUMS, checksums_of

SMALL = {"a/b.txt": b"some content", "c.csv": b"1,2\n"}


def test_same_files_give_the_same_bytes() -> None:
    """Whatever order they come in; any ZIP program reads them."""
    content = archive_of(SMALL)
    assert archive_of(dict(reversed(SMALL.items()))) == content
    with ZipFile(BytesIO(content)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == SMALL
    found = read_archive(content, FILE)
    assert (dict(found.files), found.damaged, found.is_as_written) == (SMALL, (), True)


def is_found_untouched(content: bytes) -> bool:
    try:
        return read_pack(content, FILE).is_untouched
    except PackError:
        return False


def test_every_byte_that_is_flipped_shows() -> None:
    """In contents, names, lengths, checksums, dates, attributes, the list and its end."""
    content = archive_of(SMALL | {CHECKSUMS: checksums_of(SMALL)})
    assert is_found_untouched(content)
    for flip in (0x01, 0x80, 0xFF):
        unseen = [
            place
            for place in range(len(content))
            if is_found_untouched(
                content[:place] + bytes([content[place] ^ flip]) + content[place + 1 :]
            )
        ]
        assert unseen == []


def test_what_is_cut_off_or_added_shows() -> None:
    """At both ends, and between the files."""
    content = archive_of(SMALL | {CHECKSUMS: checksums_of(SMALL)})
    assert not any(is_found_untouched(content[:end]) for end in range(len(content)))
    assert not any(is_found_untouched(content[start:]) for start in range(1, len(content)))
    assert not is_found_untouched(content + b"\0")
    assert not is_found_untouched(b"\0" + content)
    for place in range(1, len(content)):
        assert not is_found_untouched(content[:place] + b"x" + content[place:])


def test_damage_of_any_kind_is_no_crash() -> None:
    """Bytes changed, moved, repeated and cut at random."""
    chance = random.Random(7)  # noqa: S311 - no secret
    content = archive_of(the_files())
    for _ in range(3000):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 12)):
            start, end = sorted(chance.sample(range(len(damaged)), 2))
            kind = chance.randrange(4)
            if kind == 0:
                damaged[start] = chance.randrange(256)
            elif kind == 1:
                del damaged[start : start + chance.randrange(1, 60)]
            elif kind == 2:
                damaged[start:start] = damaged[end : end + 40]
            else:  # where the list of files is
                damaged[-chance.randrange(1, min(600, len(damaged)))] = chance.randrange(256)
        assert not is_found_untouched(bytes(damaged)) or bytes(damaged) == content


def zip_of(*entries: tuple[ZipInfo | str, bytes], how: int = 0, comment: bytes = b"") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", how) as opened:
        opened.comment = comment
        for info, content in entries:
            opened.writestr(info, content)
    return out.getvalue()


def a_link() -> bytes:
    info = ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return zip_of((info, b"/etc/passwd"))


def an_encrypted_file() -> bytes:
    content = bytearray(archive_of({"a": b"x"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def two_of_one_name() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zip_of(("a", b"1"), ("a", b"2"))


def a_shared_content() -> bytes:
    """Two entries of the list, each of the same content: small files that read as large ones."""
    content = archive_of({"a": b"x" * 1000, "b": b"x"})
    start = content.index(b"PK\x01\x02")
    entry = content[start : content.index(b"PK\x01\x02", start + 1)]
    names = [f"{number:c}".encode() for number in range(ord("a"), ord("z") + 1)]
    copies = b"".join(entry[:-1] + name for name in names)
    return _ended(content[:start] + copies, start, len(names))


def _ended(content: bytes, start: int, count: int) -> bytes:
    size = len(content) - start
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, start, 0)
    return content + end


def a_million_files() -> bytes:
    content = archive_of({"a": b"x"})
    start = content.index(b"PK\x01\x02")
    return _ended(content[:start] + content[start : start + 47] * 1_000_000, start, 65_535)


def a_million_files_in_zip64() -> bytes:
    content = a_million_files()[:-22]
    start = content.index(b"PK\x01\x02")
    size = len(content) - start
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content), 1)
    return (
        content
        + record
        + locator
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    )


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "it is not a ZIP file"),
    "text": (lambda: b"%PDF-1.7 not a ZIP file", "it is not a ZIP file"),
    "no files": (zip_of, "it is not a ZIP file"),
    "truncated": (
        lambda: archive_of(SMALL)[:-30],
        "its end is missing, or something stands behind it",
    ),
    "comment": (
        lambda: zip_of(("a", b"x"), comment=b"hello"),
        "its end is missing, or something stands behind it",
    ),
    "bomb": (
        lambda: zip_of(("a", b"\0" * 10**8), how=ZIP_DEFLATED),
        "a file in it is compressed; it was zipped again",
    ),
    "parent": (
        lambda: zip_of(("../a", b"x")),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "inner parent": (
        lambda: zip_of(("a/../../b", b"x")),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "absolute": (
        lambda: zip_of(("/etc/passwd", b"x")),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "drive": (
        lambda: zip_of(("C:/a", b"x")),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "backslash": (
        lambda: archive_of({"a/b": b"x"}).replace(b"a/b", b"a\\b"),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "terminal": (
        lambda: archive_of({"abc": b"x"}).replace(b"abc", b"\x1b[2"),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "long name": (
        lambda: zip_of(("a" * 5000, b"x")),
        "the name of a file in it leads elsewhere, or is too long",
    ),
    "link": (a_link, "a file in it is a link or a folder"),
    "encrypted": (an_encrypted_file, "a file in it is encrypted"),
    "twice": (two_of_one_name, "two files in it have one name"),
    "case": (lambda: zip_of(("a", b"1"), ("A", b"2")), "two files in it have one name"),
    "shared": (a_shared_content, "files in it share their content"),
    "million": (a_million_files, "it lists too many files"),
    "zip64": (a_million_files_in_zip64, "it lists too many files"),
    "unknown version": (
        lambda: archive_of({"a": b"x"}).replace(
            b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"
        ),
        "its list of files can't be read",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_pack_is_refused(kind: str) -> None:
    """With the reason, in little time and memory beside the file's own."""
    make, why = HOSTILE[kind]
    content = make()
    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(PackError) as refused:
        read_archive(content, FILE)
    taken, (_, peak) = time.monotonic() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(refused.value) == (
        f"pack.zip is not a pack of mailaudit: {why}."
        " Ask whoever made it for the file as it was made."
    )
    assert refused.value.exit_code == 7
    assert taken < 5
    assert peak < 20 * 2**20


def test_most_files_there_can_be_take_little_memory() -> None:
    """As many entries as are let through, all of them of one content."""
    content = archive_of({"a": b"x"})
    start = content.index(b"PK\x01\x02")
    count = archive.MOST_FILES
    whole = _ended(content[:start] + content[start : start + 47] * count, start, count)
    tracemalloc.start()
    with pytest.raises(PackError, match="one name"):
        read_archive(whole, FILE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * 2**20


def test_file_that_is_larger_than_any_pack_is_not_read() -> None:
    """Its size is enough to refuse it."""
    refuse_size(archive.MOST_BYTES, FILE)
    with pytest.raises(PackError, match="it is too large"):
        refuse_size(archive.MOST_BYTES + 1, FILE)


def test_pack_that_nobody_could_check_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than a file that is refused later."""
    monkeypatch.setattr(archive, "MOST_FILES", 1)
    with pytest.raises(PackError) as refused:
        archive_of(SMALL)
    assert str(refused.value) == (
        "The pack would be too large: 2 files, 0 MB."
        " Leave formats out of report.formats, HTML first, and pack again."
    )


def test_file_whose_checksum_is_wrong_is_named() -> None:
    """Of the ZIP file, where its content was changed in place."""
    content = archive_of(SMALL).replace(b"some content", b"other content"[:12])
    found = read_archive(content, FILE)
    assert found.damaged == ("a/b.txt",)
    assert not found.is_as_written
    assert zlib.crc32(b"other content"[:12]) != zlib.crc32(SMALL["a/b.txt"])


def _walk(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*")


def test_nothing_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading leaves no file, where it runs or where it might put one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    read_archive(archive_of(SMALL), FILE)
    assert list(_walk(tmp_path)) == []
