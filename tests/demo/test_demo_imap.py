"""The demonstration over IMAP: how folders are called, and what is said without Dovecot."""

from pathlib import Path

import pytest

from mailaudit.demo import dovecot
from mailaudit.demo.imap import served
from mailaudit.demo.maildirs import encoded
from mailaudit.errors import MailauditError


def test_without_dovecot_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dovecot, "find_dovecot", lambda: None)
    with pytest.raises(MailauditError, match="Dovecot is not installed"), served(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "written"),
    [("Sent", "Sent"), ("Đã gửi", "&ARAA4w- g&Hu0-i"), ("a&b", "a&-b"), ("v1.2", "v1&ALc-2")],
)
def test_names_of_folders_are_modified_utf_7(name: str, written: str) -> None:
    assert encoded(name) == written
