"""Rows of tracking logs of any version; damaged ones, and files that are no logs."""

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tracking_builders import (
    BINH,
    NOON,
    a_log,
    a_row,
    folders,
    log_name,
    read,
    read_rows,
    sums,
)

from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.finding import find_logs
from mailaudit.sources.tracking.rows import COLUMNS, rows_of, seconds_of
from shared import SHARED

_SOUND = a_log([a_row("DELIVER"), a_row("SEND", source="SMTP"), a_row("DELIVER")])
_EXPORT = b'#TYPE Microsoft.Exchange.Management\r\n"PSComputerName","RunspaceId","Timestamp"\r\n'


def damages_of(folder: Path, content: bytes, name: str = "") -> list[Damage]:
    places = folders(folder)
    (places["EX01"] / (name or log_name())).write_bytes(content)
    found, damages = read(places)
    assert all(one.days == () for one in found.values()) or not damages
    return damages


def _changed(old: bytes, new: bytes, count: int = -1) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(old, new, count)


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        (lambda log: log[:-1], Damage(Fault.CUT, 8)),
        (lambda log: log[:-40], Damage(Fault.CUT, 8)),
        (lambda log: b"", Damage(Fault.CUT)),
        (lambda log: log[: log.rindex(b"STOREDRIVER")] + b"\r\n", Damage(Fault.FIELDS, 8, 8, 30)),
        (_changed(b"Originating", b"Originating,", 1), Damage(Fault.FIELDS, 6, 31, 30)),
        (_changed(b",SEND,", b",SEND,,"), Damage(Fault.FIELDS, 7, 31, 30)),
        (_changed(b",SEND,", b",\xe9SEND,,"), Damage(Fault.FIELDS, 7, 31, 30)),
        (_changed(b",SEND,", b",SEND\r,"), Damage(Fault.FIELDS, 7, 9, 30)),
        (_changed(b"\r\n2026", b"\r\n\r\n2026,"), Damage(Fault.FIELDS, 7, 31, 30)),
        (_changed("Báo cáo".encode(), b'B"o c"o', 1), Damage(Fault.QUOTES, 6)),
        (_changed("Báo cáo".encode(), b'"cut', 1), Damage(Fault.QUOTES, 6)),
        (_changed("Báo cáo".encode(), b'"cut'), None),
        (_changed(b"#Fields", b"#Columns"), Damage(Fault.NO_HEAD, 6)),
        (_changed(b"message-id,", b"other-id,", 2), Damage(Fault.COLUMNS, 5, detail="message-id")),
        (_changed(b"Z,", b",", 1), None),
        (_changed(b"2026-05-04T", b"04/05/2026 ", 2), Damage(Fault.TIME)),
        (_changed(b"2026-05-04T", b"2026-15-04T"), Damage(Fault.TIME)),
        (_changed(b"2026-05-04T05", b"2026-05-04T25"), None),
        (_changed(BINH.encode(), b"System.String[]"), Damage(Fault.EXPORT)),
        (lambda log: log.decode().encode("utf-16"), Damage(Fault.NO_LOG, 1, detail="UTF-16")),
        (lambda log: _EXPORT + log, Damage(Fault.EXPORT, 1)),
        (lambda log: log + b"x" * (2 << 20), Damage(Fault.LONG, 9)),
        (_changed(b"2026-05-04T05", b"2026-05-04T09"), Damage(Fault.OTHER_HOURS)),
    ],
)  # fmt: skip
def test_damaged_log_is_told_and_nothing_of_it_counts(
    tmp_path: Path, change: Callable[[bytes], bytes], damage: Damage | None
) -> None:
    """Whatever stands before the damage is not counted either."""
    assert damages_of(tmp_path / "sound", _SOUND) == []
    found = damages_of(tmp_path, change(_SOUND))
    assert len(found) == 1
    if damage is not None:
        assert found == [damage]


def test_every_cut_is_noticed() -> None:
    """At each byte of the rows, but where a row ends: that is a log of fewer rows."""
    start = _SOUND.index(b"\n2026") + 1
    for end in range(start + 1, len(_SOUND)):
        if _SOUND[:end].endswith(b"\n"):
            assert list(rows_of([_SOUND[:end]]))
        else:
            with pytest.raises(DamagedLogError):
                list(rows_of([_SOUND[:end]]))


@pytest.mark.parametrize("pack", ["gz", "zip"])
def test_packed_logs_are_read_and_their_cuts_noticed(tmp_path: Path, pack: str) -> None:
    places = folders(tmp_path)
    path = places["EX01"] / f"{log_name()}.{pack}"
    if pack == "gz":
        path.write_bytes(gzip.compress(_SOUND))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"logs/{log_name()}", _SOUND)
    found, damages = read(places)
    assert (sums(found[BINH])["received"], damages) == (1, [])

    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    found, damages = read(places)
    assert found[BINH].days == ()
    if pack == "gz":
        assert [one.fault for one in damages] == [Fault.CUT]
    else:
        (stray,) = find_logs(places).strays
        assert stray.damage.fault is Fault.UNREADABLE


def test_encrypted_archive_is_told(tmp_path: Path) -> None:
    places = folders(tmp_path)
    path = places["EX01"] / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(log_name(), _SOUND)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1  # says that it is encrypted
    path.write_bytes(bytes(content))
    _, damages = read(places)
    assert [one.fault for one in damages] == [Fault.ENCRYPTED]


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    """In any order, with or without those of later versions, behind a BOM, with a head between."""
    reader = csv.DictReader(io.StringIO(a_row("DELIVER", message_subject='A, "B"\nC')), _names())
    (values,) = reader
    chance = random.Random(5)  # noqa: S311 - no secret
    for number, drop in enumerate([(), ("network-message-id",), ("custom-data", "log-id")] * 3):
        names = [name for name in _names() if name not in drop]
        chance.shuffle(names)
        names.sort(key="date-time".__ne__)  # no row begins with another
        text = io.StringIO()
        csv.writer(text).writerow([values[name] for name in names])
        head = f"\ufeff#Software: x\r\n#Fields: {','.join(names)}\r\n"
        content = (head + text.getvalue() + head.lstrip("\ufeff") + "\r\n").encode()
        assert damages_of(tmp_path / str(number), content) == []
        found, _ = read(folders(tmp_path / str(number)))
        assert sums(found[BINH]) == {"received": 1, "received_inside": 1}


def _names() -> list[str]:
    head = next(line for line in _SOUND.decode().splitlines() if line.startswith("#Fields: "))
    return head.removeprefix("#Fields: ").split(",")


def test_nothing_is_taken_of_a_subject() -> None:
    """No column holds one."""
    assert {"message-subject", "custom-data", "reference", "message-info"}.isdisjoint(COLUMNS)
    secret = "TUYỆT MẬT"
    row = a_row("DELIVER", message_subject=f'{secret},"{secret}"\n{secret}')
    (table,) = rows_of([a_log([row])])
    assert table.column_names == [*COLUMNS]
    assert secret.encode() not in b"".join(
        buffer.to_pybytes()
        for column in table.columns
        for chunk in column.chunks
        for buffer in chunk.buffers()
        if buffer is not None
    )


@pytest.mark.parametrize("damage", ["field", "time", "quote"])
def test_damage_says_nothing_of_the_row(damage: str) -> None:
    """Neither the error, nor what it was raised from, nor what was handled then."""
    secret = "TUYỆT MẬT"
    log = a_log([a_row("DELIVER", message_subject=secret)])
    change = {
        "field": _changed(secret.encode(), f"{secret},{secret}".encode()),
        "time": _changed(b"2026-05-04T05", f"{secret}T05".encode()),
        "quote": _changed(secret.encode(), f'{secret}"{secret}'.encode()),
    }
    with pytest.raises(DamagedLogError) as caught:
        list(rows_of([change[damage](log)]))
    text = repr(caught.value.damage)
    error: BaseException | None = caught.value
    while error is not None:
        text += repr(error)
        error = error.__cause__ or error.__context__
    assert secret not in text


def _ids_of(blocks: Iterable[bytes]) -> list[bytes]:
    return [mail for rows in rows_of(blocks) for mail in rows["message-id"].to_pylist()]


def test_blocks_of_any_size_give_the_same_rows() -> None:
    """Rows end anywhere in a block, also within quotation marks."""
    rows = [
        a_row("DELIVER", message_id=f"<{n}@x>", message_subject=subject)
        for n, subject in enumerate(['a,"b"\nc', "plain", '""', "\n\n", "x" * 300, "\n#a"] * 5)
    ]
    content = a_log(rows)
    whole = _ids_of([content])
    assert len(whole) == 30
    for size in (97, 411, 1000, 4096):
        blocks = [content[start : start + size] for start in range(0, len(content), size)]
        assert _ids_of(blocks) == whole


def test_rows_are_those_of_a_csv_reader() -> None:
    """Of subjects with anything in them."""
    chance = random.Random(7)  # noqa: S311 - no secret
    rows = []
    for number in range(500):
        subject = "".join(chance.choices(' ,"\nađ#;', k=chance.randint(0, 9)))
        rows.append(a_row("DELIVER", message_id=f"<{number}@x>", message_subject=subject))
    content = a_log(rows)
    text = content.decode().split("\r\n", 5)[5]
    expected = [dict(zip(_names(), row, strict=True)) for row in csv.reader(io.StringIO(text, ""))]
    assert [mail.decode() for mail in _ids_of([content])] == [row["message-id"] for row in expected]
    (table,) = rows_of([content])
    assert set(seconds_of(table)) == {int(NOON.timestamp())}


def test_empty_lines_and_a_log_without_rows_are_sound(tmp_path: Path) -> None:
    assert damages_of(tmp_path, _SOUND + b"\r\n\r\n") == []
    assert damages_of(tmp_path, a_log([])) == []
    assert read_rows(tmp_path)[BINH].days == ()


@pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="the real heads are not at samples/")
def test_real_heads_are_read_as_what_they_are() -> None:
    """26 columns behind a BOM; 27, where a comma in a subject stands without quotation marks."""
    samples = SHARED / "samples" / "msgtrk"
    (rows,) = rows_of([(samples / "exchange2010-sp1.log").read_bytes()])
    assert len(rows) == 2
    with pytest.raises(DamagedLogError) as caught:
        list(rows_of([(samples / "exchange2013.log").read_bytes()]))
    assert caught.value.damage == Damage(Fault.FIELDS, 6, 28, 27)
