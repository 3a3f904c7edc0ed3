"""deliver: who gets what, that it is sent once, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from delivery_folder import AN, BINH, CHAIR, OCTOBER, a_delivery

from smtp_server import PostOffice, post_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """A server that takes everything."""
    with post_office(tmp_path / "post") as office:
        yield office


def deliver(folder: Path, *arguments: str, language: str = "en") -> Ran:
    lang = ("--lang", language)
    return mailaudit("deliver", "--period", str(OCTOBER), *lang, *arguments, cwd=folder)


def names_of(message: object) -> list[str]:
    return [part.get_filename() for part in message.iter_attachments()]  # type: ignore[attr-defined]


def test_each_gets_one_mail(tmp_path: Path, office: PostOffice) -> None:
    """Heads the own units' pages, one mail for two units; the board the whole."""
    a_delivery(tmp_path, office)
    ran = deliver(tmp_path, "--send", language="vi")
    print(ran.out, ran.err)
    found = office.messages()
    for address, message in found.items():
        print(address, names_of(message), message["Subject"], message.get_body().get_content())
    assert ran.code == 0, ran.err
    assert list(found) == [CHAIR, AN, BINH]
    assert names_of(found[BINH]) == 1
