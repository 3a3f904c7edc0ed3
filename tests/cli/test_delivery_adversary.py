"""In random provinces: no mail names anybody of a unit that is not its recipient's."""

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from audit_folder import an_audit, config_text
from delivery_folder import HEADER, OCTOBER, deliver
from pypdf import PdfReader

from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.snapshot import SourceInfo
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore
from smtp_server import read

SIZES = (1, 2, 3, 4, 5, 7, 9, 14, 22)
AT = OCTOBER.end + timedelta(days=1)


@dataclass(slots=True)
class Planted:
    """What stands for somebody, by the topmost unit: names, addresses, codes nobody else has.

    Attributes:
        staff, heads: By that unit's code.
        owners: The units that each address is the head of.
    """

    staff: dict[str, list[str]] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    owners: dict[str, set[str]] = field(default_factory=dict)
    board: list[str] = field(default_factory=list)


def a_province(folder: Path, seed: int, formats: str) -> Planted:
    """Units, some below others, some with one head; people with habits; a board."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    planted, number = Planted(), 0

    def word() -> str:
        nonlocal number
        number += 1
        return "q" + "".join(chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(7)) + str(number)

    units, staff, codes = HEADER, "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái\n", []
    heads = [word() for _ in range(3)]
    for n in range(chance.randint(2, 6)):
        top = f"U{n}"
        head = chance.choice([*heads, word(), ""])
        units += f"{top},Sở {n},{chance.choice(('Sở', 'Xã'))},,{head.title()},"
        units += f"{head}@vidu.gov.vn\n" if head else "\n"
        planted.staff[top], planted.heads[top] = [], [head] if head else []
        if head:
            planted.owners.setdefault(f"{head}@vidu.gov.vn", set()).add(top)
        codes.append((top, top))
        for part in range(chance.choice((0, 0, 2, 3))):
            below = word()
            units += f"{top}-{part},Phòng {part},,{top},{below.title()},{below}@vidu.gov.vn\n"
            planted.heads[top].append(below)
            codes.append((f"{top}-{part}", top))
    for code, top in codes:
        for _ in range(chance.choice(SIZES)):
            person = word()
            planted.staff[top].append(person)
            box = f"{person}@vidu.gov.vn" if chance.random() < 0.9 else "chưa có"
            category = chance.choice(("công chức", "công chức", "hợp đồng lao động"))
            status = chance.choice(("", "", "", "ốm"))
            staff += f"CB{person},Người {person},{code},{category},{box},{status}\n"
    board = [word() + "@vidu.gov.vn", *chance.sample(sorted(planted.owners), chance.randint(0, 1))]
    planted.board = board
    an_audit(folder)
    (folder / "units.csv").write_text(units, "utf-8")
    (folder / "roster.csv").write_text(staff, "utf-8")
    listed = ", ".join(f'"{one}"' for one in board)
    delivery = f'kind = "smtp"\nhost = "localhost"\nfrom = "a@vidu.gov.vn"\nboard = [{listed}]'
    report = f"formats = [{formats}]\nnames = true"
    text = config_text(report=report, delivery=delivery)
    (folder / "mailaudit.toml").write_text(text, "utf-8")
    roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", OCTOBER)
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        source = SourceInfo("ews", "mail.vidu.gov.vn", "Exchange2016", "svc")
        collection = store.begin(OCTOBER, roster, source, now=AT)
        collection.record([an_outcome(box, chance) for box in collection.pending])
        collection.finish(AT, however_little=True)
    return planted


def an_outcome(box: str, chance: random.Random) -> Outcome:
    if chance.random() < 0.05:
        return Unmeasured(box, AT, Reason.TIMED_OUT, "")
    days = OCTOBER.days()
    some = tuple(
        DayActivity(day, sent=1, received=2, read=chance.randint(0, 2))
        for day in days
        if chance.random() < 0.4
    )
    return Activity(box, AT, some)


def texts_of(message: EmailMessage) -> Iterator[str]:
    """Everything that can be read in a mail: headers, body, files and what is packed in them."""
    yield " ".join(f"{name}: {value}" for name, value in message.items())
    for part in message.walk():
        yield part.get_filename() or ""
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if content.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(content)) as packed:
                yield from (
                    packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
                )
        elif content.startswith(b"%PDF"):
            reader = PdfReader(BytesIO(content))
            yield " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        else:
            yield content.decode("utf-8", "replace")


ALL = '"xlsx", "html", "docx", "pdf", "brief"'


@pytest.mark.parametrize(
    ("seed", "formats"),
    [
        (0, '"xlsx", "html"'),
        *(pytest.param(seed, ALL, marks=pytest.mark.slow) for seed in range(1, 6)),
    ],
)
def test_no_mail_names_anybody_of_another_unit(seed: int, formats: str, tmp_path: Path) -> None:
    """Neither by name, by address nor by code; the board's mails name nobody at all."""
    planted = a_province(tmp_path, seed, formats)
    ran = deliver(tmp_path, language="vi")
    assert ran.code == 0, ran.err
    found = [read(path.read_bytes()) for path in sorted((tmp_path / "mails-2026-10").glob("*.eml"))]
    assert {one["To"].addresses[0].addr_spec for one in found} == {*planted.owners, *planted.board}
    for message in found:
        address = message["To"].addresses[0].addr_spec
        own = planted.owners.get(address, set())
        text = "\n".join(texts_of(message)).casefold()
        for top, people in planted.staff.items():
            seen = [person for person in people if person in text]
            assert seen == (people if top in own else []), (address, top)
        strangers = {head for top, them in planted.heads.items() if top not in own for head in them}
        strangers |= {other.partition("@")[0] for other in (*planted.owners, *planted.board)}
        strangers -= {address.partition("@")[0]}
        strangers -= {head for top in own for head in planted.heads[top]}
        assert [one for one in strangers if one in text] == []
