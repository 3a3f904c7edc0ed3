"""`mailaudit check` of second sources: each has lines of its own, right and wrong."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from collecting_builders import Workplace, address, write_traffic
from command_line import mailaudit
from test_check import Line, checked

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served

OF_LIVE = ["password", "address", "port", "certificate", "service", "login", "clock"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    folder = tmp_path_factory.mktemp("served")
    with served(folder, Options(**write_traffic(folder, 4))) as place:
        yield place


@pytest.fixture
def work(place: ServedAt, tmp_path: Path) -> Workplace:
    work = Workplace.at(tmp_path / "work", place)
    file = work.folder / "mailaudit.toml"
    file.write_text(file.read_text("utf-8").partition("[delivery]")[0], "utf-8")
    return work


def with_witness(work: Workplace, *lines: str) -> None:
    with (work.folder / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "[[witnesses]]", *lines, ""]))


def exchange(work: Workplace, *more: str, key_file: str = "password") -> None:
    """The same server once more, as a witness."""
    text = (work.folder / "mailaudit.toml").read_text("utf-8")
    table = re.search(r"\[server\]\n(.*?)\n\n", text, flags=re.DOTALL)
    assert table is not None
    keys = re.sub(r'password_file = ".*"', f'password_file = "{key_file}"', table[1])
    with_witness(work, 'name = "second"', 'kind = "ews"', *more, keys)


def lines_of(work: Workplace) -> dict[str, Line]:
    return checked(work.folder)[1]


def test_witness_that_is_logged_in_to_is_tried_as_a_server_is(work: Workplace) -> None:
    """Its lines come beside those of the server, which stay as they were."""
    before = lines_of(work)
    exchange(work)
    after = lines_of(work)
    assert {name: after[name].state for name in before} == {
        n: one.state for n, one in before.items()
    }
    own = {name: one.state for name, one in after.items() if name not in before}
    assert set(own.values()) == {"ok"}
    assert [name.split(":")[0] for name in own if ":U" not in name] == [
        *OF_LIVE,
        "speed",
        "duration",
    ]
    assert all(name.split(":")[1] == "second" for name in own)
    assert after["mailbox:second:U0"].text == f"U0: {address(0)} can be opened."


def test_witness_that_refuses_the_login_is_named_with_a_remedy(work: Workplace) -> None:
    """The lines of the server are not touched by it."""
    (work.folder / "wrong").write_text("wrong", encoding="ascii")
    (work.folder / "wrong").chmod(0o600)
    exchange(work, key_file="wrong")
    ran = mailaudit("check", cwd=work.folder)
    assert ran.code == 3
    assert re.search(r"^FAILURE +second, Login: .+\n +→ .+", ran.out, flags=re.MULTILINE)
    assert re.search(r"^ok +Login: ", ran.out, flags=re.MULTILINE)
    assert re.search(r"^not checked +second, Mailbox: ", ran.out, flags=re.MULTILINE)


def test_witness_of_other_domains_is_said(work: Workplace) -> None:
    exchange(work, 'domains = ["other.test"]')
    assert lines_of(work)["mailbox:second"] == Line(
        "failure",
        "No mailbox on the staff list is in one of its domains: other.test.",
        "Correct its domains, or leave them out, for every mailbox.",
    )


@pytest.mark.parametrize(
    ("keys", "line", "says"),
    [
        (
            ('kind = "tracking"', 'folders = { EX1 = "logs" }'),
            "logs:other:EX1",
            "has no message tracking log",
        ),
        (('kind = "m365"', 'folder = "logs"'), "usagereports:other", "There is no usage report"),
    ],
)
def test_witness_without_its_files_is_said(
    work: Workplace, keys: tuple[str, ...], line: str, says: str
) -> None:
    (work.folder / "logs").mkdir()
    with_witness(work, 'name = "other"', *keys)
    found = lines_of(work)[line]
    assert found.state == "failure"
    assert says in found.text
    assert found.remedy


def test_logs_of_a_witness_have_its_name(work: Workplace) -> None:
    """A log of one hour of the last month: which days are missing is said, of which source."""
    (work.folder / "logs").mkdir()
    last_month = datetime.now(UTC).replace(day=1) - timedelta(days=10)
    (work.folder / "logs" / f"MSGTRK{last_month:%Y%m%d}05-1.LOG").write_bytes(b"")
    with_witness(work, 'name = "other"', 'kind = "tracking"', 'folders = { EX1 = "logs" }')
    found = lines_of(work)["logs:other:EX1"]
    assert found.state == "failure"
    assert found.text.startswith("other, EX1: 1 logs (")
