"""--notify: one mail of what became of a run, that never changes the run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from delivery_folder import OCTOBER, a_month_to_deliver, configure

from smtp_server import FROM, PostOffice, post_office

IT, HEAD = "cntt@vidu.gov.vn", "vanphong@vidu.gov.vn"


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a month, to be copied."""
    folder = tmp_path_factory.mktemp("month")
    a_month_to_deliver(folder)
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """A server that takes everything."""
    with post_office(tmp_path / "post") as office:
        yield office


@pytest.fixture
def folder(tmp_path: Path, month: Path, office: PostOffice) -> Path:
    """A month whose runs are reported by the server."""
    folder = tmp_path / "audit"
    shutil.copytree(month, folder)
    notified(folder, office)
    return folder


def notified(folder: Path, office: PostOffice, *to: str, **changes: str) -> None:
    listed = ", ".join(f'"{one}"' for one in to or (IT,))
    table = f"to = [{listed}]"
    configure(
        folder, office, server='password_file = "password"', tables={"notify": table}, **changes
    )


def ran(folder: Path, *arguments: str, language: str = "en") -> Ran:
    """Runs `mailaudit run --notify` for October."""
    lang = ("--lang", language)
    return mailaudit("run", "--notify", "--period", str(OCTOBER), *lang, *arguments, cwd=folder)


def test_x(folder, office):
    r = ran(folder, language="vi")
    print(r.out, r.err, r.code)
    for a, m in office.messages().items():
        print(a, m["Subject"], m["From"])
        print(m.get_body().get_content())
    (folder / "mailaudit.toml").write_text("[server\n")
    office.reset()
    r = ran(folder, language="vi")
    print(r.out, r.err, r.code)
    for a, m in office.messages().items():
        print(a, m["Subject"], m["From"])
        print(m.get_body().get_content())
    print((folder / ".mailaudit.toml.notify.json").read_text())
    assert 0
