"""The whole routine, as docs/operations.md describes it, against the demonstration server."""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Ran, environment, mailaudit

from mailaudit.demo.options import ServedAt
from mailaudit.demo.process import served
from mailaudit.demo.workspace import (
    AUDITOR,
    CA,
    CORRECTIONS,
    LOGIN_DOMAIN,
    PASSWORD,
    ROSTER,
    SENDER,
    SENDER_PASSWORD,
    UNITS,
)
from smtp_server import ACCOUNT, FROM, PostOffice
from smtp_server import PASSWORD as SMTP_PASSWORD
from stand_ins import a_crontab

pytestmark = pytest.mark.slow

SECTIONS = re.split(
    r"\n(?=#+ )", (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
)
MONTH = "2026-10"
BOARD, IT = "chutich@tinhmau.test", "cntt@tinhmau.test"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    """`mailaudit demo serve`, in a folder of its own."""
    with served(tmp_path_factory.mktemp("rehearsal")) as place:
        yield place


class Officer:
    """Types what the document names, in the folder of the audit, in Vietnamese."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = ""

    def types(self, *words: str, code: int = 0, cwd: Path | None = None) -> Ran:
        """Runs a command. Fails where no section of the document has it with its options."""
        named = [word for word in words if word.startswith("--")]
        name = " ".join(words[: 2 if words[0] in ("roster", "units", "schedule") else 1])
        assert any(
            re.search(rf"(`|mailaudit ){name}\b", text) and all(option in text for option in named)
            for text in SECTIONS
        ), words
        ran = mailaudit(*words, cwd=cwd or self.folder, language="vi")
        assert ran.code == code, ran.out + ran.err
        assert "Traceback" not in ran.err
        self.shown += ran.out + ran.err
        return ran

    def writes(self, table: str, **keys: str) -> None:
        """Edits the configuration as by hand: a key, or its commented line, gets this value."""
        path = self.folder / "mailaudit.toml"
        before, heading, after = re.split(
            rf"^((?:# )?\[{table}\]\n)", path.read_text("utf-8"), maxsplit=1, flags=re.MULTILINE
        )
        body, *rest = re.split(r"(?=^(?:# )?\[)", after, maxsplit=1, flags=re.MULTILINE)
        for key, value in keys.items():
            line = f"{key} = {value}\n"
            body, changed = re.subn(
                rf"^(?:# )?{key} = .*\n", lambda _, line=line: line, body, flags=re.MULTILINE
            )
            assert changed == 1, (table, key, changed)
        text = before + heading.removeprefix("# ") + body + "".join(rest)
        path.write_text(text, "utf-8")


def quoted(value: object) -> str:
    return f"'{value}'"


def test_a_month_from_the_first_day_to_a_persons_request(
    tmp_path: Path, server: ServedAt, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set up, run, delivered, disputed, corrected, handed in: every step is in the document."""
    folder = tmp_path / "audit"
    officer = Officer(folder)
    outside = server.outside

    # The first day.
    officer.types("init", "audit", cwd=tmp_path)
    for name in (ROSTER, UNITS, PASSWORD, CA, CORRECTIONS):
        (folder / name).write_bytes((server.directory / name).read_bytes())
    (folder / PASSWORD).chmod(0o600)
    officer.writes("organisation", name='"Tỉnh Tịnh Mẫu"', domains='["tinhmau.test"]')
    officer.writes(
        "server",
        url=quoted(server.url),
        username=quoted(f"{LOGIN_DOMAIN}\\{AUDITOR}"),
        password_file=quoted(PASSWORD),
        ca_file=quoted(CA),
    )
    officer.writes(
        "delivery",
        kind='"smtp"',
        **{"from": quoted(FROM)},
        board=f'["{BOARD}"]',
        host='"localhost"',
        port=str(office.port),
        username=quoted(ACCOUNT),
        password_file=quoted(SENDER_PASSWORD),
        ca_file=quoted(office.ca_file),
        mails_per_minute="600",
        outside="true",
    )
    officer.writes("notify", to=f'["{IT}"]')
    (folder / SENDER_PASSWORD).write_text(SMTP_PASSWORD + "\n", "utf-8")
    (folder / SENDER_PASSWORD).chmod(0o600)
    assert "2.061" in officer.types("roster", "check").out
    officer.types("units", "check")
    assert (
        "New-ManagementRoleAssignment"
        in officer.types("exchange-setup", "--addresses", "addresses.txt").out
    )
    checked = officer.types("check", "--outside", outside).out
    assert f"{outside} bị từ chối" in checked and "1 cảnh báo, 0 lỗi" in checked  # no schedule yet
    table = a_crontab(monkeypatch, tmp_path)
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    officer.types("schedule", "install", "--with", "cron", "--weekly", "sat")
    assert table.read_text("utf-8").count(" --notify ") == 2
    assert "Lần tới" in officer.types("schedule", "show").out

    # The first night of the month.
    log = folder / "mailaudit-monthly.log"
    run = officer.types("run", "--period", MONTH, "--notify", "--log", log.name)
    assert "Đã niêm phong lúc" in run.out and "mã thoát" not in run.err
    (notice,) = office.messages().values()
    body = notice.get_body()
    assert office.addresses() == [IT] and body is not None and "70,3" in body.get_content()
    assert "hoàn thành" in officer.types("schedule", "show").out
    office.taken.clear()
    officer.types("history")

    # Delivered: first to look at, then to the officer, then to all.
    officer.types("deliver", "--period", MONTH)
    mails = len(list((folder / f"mails-{MONTH}").glob("*.eml")))
    assert mails > 50 and office.taken == []
    officer.types("deliver", "--period", MONTH, "--send", "--to", "toi@tinhmau.test")
    assert {address for address, _ in office.taken} == {"toi@tinhmau.test"}
    office.taken.clear()
    officer.types("deliver", "--period", MONTH, "--send")
    officer.types("deliver", "--period", MONTH, "--send")
    first = office.messages()
    assert len(first) == mails and BOARD in first

    # A unit objects, and is right.
    effect = officer.types("correct", CORRECTIONS)
    assert "Sở Y tế" in effect.out and "Chưa thay đổi gì" in effect.err
    officer.types("correct", CORRECTIONS, "--apply")
    officer.types("report", "--period", MONTH)
    compared = list((folder / "reports").glob("*corrections-2*"))
    assert len(compared) == 4

    # Whose mailboxes to create and delete; September was not collected, so none to lock.
    listed = officer.types("accounts", "--period", MONTH).out
    assert "tạm khóa 0," in listed and "17/09/2026 đến 30/09/2026" in listed
    officer.types("accounts", "--period", MONTH, "--audience", "leader")

    # The corrected edition goes out through the mail server's own web service.
    officer.writes("delivery", kind='"ews"', url=quoted(server.url), auth='"ntlm"')
    sender = f"{SENDER}@tinhmau.test"
    officer.writes(
        "delivery",
        **{"from": quoted(sender)},
        username=quoted(f"{LOGIN_DOMAIN}\\{SENDER}"),
        ca_file=quoted(CA),
    )
    config = folder / "mailaudit.toml"
    smtp_only = re.compile(r"^(host|port) = .*\n", re.MULTILINE)
    config.write_text(smtp_only.sub("", config.read_text("utf-8")), "utf-8")
    (folder / SENDER_PASSWORD).write_bytes((server.directory / SENDER_PASSWORD).read_bytes())
    officer.types("deliver", "--period", MONTH, "--send")
    sent = sorted((server.directory / "sent").glob("*.eml"))
    assert len(sent) == mails

    # The review.
    officer.types("pack", "--period", MONTH)
    (pack,) = (folder / "reports").glob("*-pack.zip")
    verified = officer.types("verify", str(pack.relative_to(folder)), "--config", "mailaudit.toml")
    assert "Nguyên vẹn" in verified.out and "đúng" in verified.out
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(unpacked)
    (sums,) = unpacked.rglob("SHA256SUMS")
    subprocess.run(
        ["sha256sum", "-c", "--quiet", sums.name], cwd=sums.parent, check=True, env=environment()
    )

    # A person asks what is stored, and to be forgotten; the crontab is as it was.
    somebody = (folder / "addresses.txt").read_text("utf-8").split()[20]
    told = officer.types("disclose", somebody, "--out", "disclosed.txt")
    assert told.code == 0 and somebody in (folder / "disclosed.txt").read_text("utf-8")
    (folder / "disclosed.txt").unlink()
    officer.types("forget", somebody)
    officer.types("forget", somebody, "--apply")
    assert somebody.encode() not in (folder / "mailaudit.db").read_bytes()
    officer.types("schedule", "remove")
    assert not table.exists()

    # No password of the three accounts is in anything that was shown, written or sent.
    secrets = [SMTP_PASSWORD.encode()]
    secrets += [
        (server.directory / name).read_bytes().strip() for name in (PASSWORD, SENDER_PASSWORD)
    ]
    written = [path for path in folder.rglob("*") if path.is_file() and "password" not in path.name]
    found = [path.read_bytes() for path in (*written, *sent)] + [officer.shown.encode()]
    found += [content for _, content in office.taken]
    assert not [secret for secret in secrets for content in found if secret in content]
