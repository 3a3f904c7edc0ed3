"""--notify: one mail of what became of a run, that never changes the run."""

import json
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from audit_folder import SECRET, config_text
from command_line import Ran, environment, mailaudit
from delivery_folder import HEADER, OCTOBER, a_month_to_deliver, configure, next_edition

from mailaudit.cli import commands, notifying
from mailaudit.cli.notice import Course, done
from mailaudit.cli.options import LanguageCode
from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Collected
from smtp_server import FROM, PASSWORD, PostOffice, read

IT, HEAD = "cntt@vidu.gov.vn", "vanphong@vidu.gov.vn"
KEPT = ".mailaudit.toml.notify.json"


@pytest.fixture
def folder(tmp_path: Path, month: Path, office: PostOffice) -> Path:
    """A month whose runs are reported by the server."""
    folder = tmp_path / "audit"
    shutil.copytree(month, folder)
    notified(folder, office)
    return folder


def notified(
    folder: Path,
    office: PostOffice,
    *to: str,
    server: str = "",
    tables: dict[str, str] | None = None,
    **changes: str,
) -> None:
    """Has these addresses notified; changes keys of [delivery]."""
    listed = ", ".join(f'"{one}"' for one in to or (IT,))
    server = f'password_file = "password"\n{server}'
    both = {"notify": f"to = [{listed}]"} | (tables or {})
    configure(folder, office, server=server, tables=both, **changes)


def ran(folder: Path, *arguments: str, command: str = "collect", language: str = "en") -> Ran:
    """Runs a command with --notify for October."""
    given = (command, "--notify", "--period", str(OCTOBER), "--lang", language, *arguments)
    return mailaudit(*given, cwd=folder, language=language)


def body_of(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def notice(office: PostOffice) -> tuple[str, str]:
    """Subject and body of the one notice there is."""
    assert office.addresses() == [IT]
    (message,) = office.messages().values()
    assert list(message.iter_attachments()) == []
    return str(message["Subject"]), body_of(message)


def test_a_run_that_is_done_says_what_came_of_it(folder: Path, office: PostOffice) -> None:
    """In Vietnamese, from edition to next step, with figures of the whole alone."""
    report = ran(folder, command="run", language="vi")
    subject, body = notice(office)
    at = re.search(r"\d\d giờ \d\d phút ngày \d\d/\d\d/\d{4}", body)

    assert report.code == 0, report.err
    assert at is not None
    assert report.err.endswith("Đã gửi 1 thư báo kết quả.\n")
    assert subject == "Thống kê hộp thư công vụ tháng 10/2026: đã hoàn thành"
    typed = f"--config {folder / 'mailaudit.toml'} --period 2026-10"
    assert body.splitlines() == [
        "Kính gửi: Bộ phận phụ trách thống kê hộp thư công vụ,",
        "",
        f"Lệnh mailaudit run của Ví Dụ đã thực hiện xong lúc {at[0]}, mã thoát 0.",
        "",
        "- Phiên bản số liệu 1, niêm phong lúc 00 giờ 00 phút ngày 02/11/2026.",
        "- Độ phủ: đo được 68 trên 68 hộp thư của người thuộc diện (100,0 %)",
        "- Tỷ lệ sử dụng thường xuyên chung: 100,0 %",
        f"- Báo cáo: {folder / 'reports'}",
        "",
        "Việc cần làm tiếp:",
        "- Xem báo cáo, rồi xem ai sẽ nhận thư nào:",
        f"  mailaudit deliver {typed}",
        "",
        f"Thư này được gửi tự động từ máy {socket.gethostname()}.",
    ]


def test_each_address_gets_one_mail(folder: Path, office: PostOffice) -> None:
    """Also one that is named twice."""
    notified(folder, office, IT, HEAD, IT.upper())
    assert ran(folder).code == 0
    assert sorted(office.messages()) == [IT, HEAD]
    assert all(office.was_encrypted)
    assert office.logins == [PASSWORD.encode()]
    assert {message["From"] for message in office.messages().values()} == {f"Ví Dụ <{FROM}>"}


def test_nobody_is_notified_without_the_option(folder: Path, office: PostOffice) -> None:
    """Nor is anything kept."""
    month = ("--period", str(OCTOBER))
    assert mailaudit("collect", *month, cwd=folder).code == 0
    assert (office.taken, office.logins) == ([], [])
    assert not (folder / KEPT).exists()


@pytest.mark.slow
def test_what_was_not_measured_is_said_by_cause(tmp_path: Path, office: PostOffice) -> None:
    """A run below the least coverage is done, and to be looked at; its exit code stays."""
    a_month_to_deliver(tmp_path, measured=60)
    notified(tmp_path, office)
    report = ran(tmp_path, command="run")
    subject, body = notice(office)
    assert report.code == 6
    assert subject == "Official mailboxes, month 2026-10: done, but to be looked at"
    assert "exit code 6." in body
    assert "- Coverage: 60 of 68 mailboxes of people in scope measured (88.2 %)" in body
    assert "    8: The server did not answer in time" in body
    assert "collect --retry-unmeasured --config" in body


def test_a_month_that_is_not_over_is_provisional() -> None:
    """It says so; the next step is the same run, once the month is over."""
    now = datetime.now(UTC)
    course = Course("run", Path("mailaudit.toml"), folder=Path("reports"))
    course.period = Period(now.year, now.month).shifted(1)
    course.collected = Collected(course.period, 3, None, 40, {Reason.TIMED_OUT: 2})
    _, body = done(course, 6)
    assert "- Phiên bản số liệu 3, TẠM THỜI: số liệu còn có thể thay đổi." in body
    assert (
        "- Đã đo: 40 trên tổng số 42 hộp thư, tính cả người không thuộc diện (95,2 %)\n"
        "    2: Máy chủ không" in body
    )
    steps = body.partition("Việc cần làm tiếp:\n")[2]
    assert steps.startswith(
        "- Tháng chưa kết thúc. Khi hết tháng, đề nghị chạy lại:\n  mailaudit run"
    )
    assert "deliver" not in steps


@pytest.mark.slow
def test_figures_that_the_public_would_not_get_are_not_in_it(
    tmp_path: Path, office: PostOffice
) -> None:
    """Of a whole of few people."""
    units = f"{HEADER}SNV,Sở Nội vụ,Sở,,,\nSYT,Sở Y tế,Sở,,,\n"
    a_month_to_deliver(tmp_path, units, sizes={"SNV": 3, "SYT": 1})
    notified(tmp_path, office)
    assert ran(tmp_path, command="run").code == 0
    body = notice(office)[1]
    assert "- No figures: they would be those of few people." in body
    assert "%" not in body and "Measured" not in body and "Coverage" not in body


@pytest.mark.slow
def test_an_edition_that_gives_few_people_away_has_no_figures(
    folder: Path, office: PostOffice
) -> None:
    """Of a run for the IT department, which may have them, the notice does not."""
    assert ran(folder, command="run").code == 0
    office.reset()
    next_edition(folder)
    assert ran(folder, "--audience", "it", command="run").code == 0
    body = notice(office)[1]
    assert "- Edition 2, sealed" in body
    assert "- No figures: they differ from what was published by few people." in body
    assert "%" not in body


def test_a_failure_says_what_the_terminal_said(folder: Path, office: PostOffice) -> None:
    """With the exit code and the command to type, which has the options that were typed."""
    (folder / "password").unlink()
    failed = ran(folder, "--retry-unmeasured", "--seal-low-coverage")
    subject, body = notice(office)
    assert failed.code == 3
    assert subject == "Official mailboxes, month 2026-10: NOT done"
    said = failed.err.splitlines()[-1].removeprefix("Error: ")
    assert said.startswith("server.password_file names no file that this account can see.")
    assert f"The message was:\n  {said}\n" in body.replace("\r", "")
    assert "with exit code 3." in body
    config = folder / "mailaudit.toml"
    typed = f"collect --retry-unmeasured --seal-low-coverage --config {config} --period 2026-10"
    assert f"Once the cause is removed, type:\n  mailaudit {typed}\n" in body.replace("\r", "")


@pytest.mark.parametrize(
    "content",
    [b"[server\n", b"\xff\xfe", b'[notify]\nto = ["x"]\n', None],
    ids=["TOML", "UTF-8", "keys", "absent"],
)
def test_a_configuration_that_cannot_be_read_is_reported(
    content: bytes | None, folder: Path, office: PostOffice
) -> None:
    """To those whom the last notice reached, by its server; with the password as it is now."""
    assert ran(folder).code == 0
    office.reset()
    if content is None:
        (folder / "mailaudit.toml").unlink()
    else:
        (folder / "mailaudit.toml").write_bytes(content)
    failed = ran(folder)
    subject, body = notice(office)
    assert failed.code == 3
    assert "Official mailboxes: NOT done" in subject
    first = failed.err.splitlines()[-1 if content != b'[notify]\nto = ["x"]\n' else 1]
    assert first.removeprefix("Error: ").strip() in body
    assert office.logins == [PASSWORD.encode()]


def test_what_is_kept_is_private_and_holds_no_secret(folder: Path, office: PostOffice) -> None:
    """What sends a notice and nothing else: no board, no password."""
    ran(folder)
    file = folder / KEPT
    text = file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(text)) == {"organisation", "to", "delivery"}
    assert PASSWORD not in text and SECRET not in text and "chutich" not in text
    assert "delivery-password" in text
    assert json.loads(text)["to"] == [IT]


@pytest.mark.parametrize(
    "kept", [None, b"", b"{}", b"[" * 90_000, b"\xff", b'{"to": ["a@b.vn"], "delivery": 1}']
)
def test_nothing_kept_is_said(kept: bytes | None, folder: Path, office: PostOffice) -> None:
    """A file that is not there, or not what was kept, ends no run in another way."""
    (folder / "mailaudit.toml").write_text("[server\n", "utf-8")
    if kept is not None:
        (folder / KEPT).write_bytes(kept)
    failed = ran(folder)
    assert (failed.code, office.taken) == (3, [])
    assert failed.err.splitlines()[0] == (
        "Nobody was notified: no run before this one has left the addresses to use."
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("logins", "refuses the login of VIDU\\baocao (535)"),
        ("refused", f"{IT}: 550 5.1.1 No such mailbox here"),
        ("later", f"{IT}: 451 4.7.1 Try again later"),
        ("breaks_off", f"{IT}: it closed the connection"),
        ("sender", "takes no mail from baocao@vidu.gov.vn"),
        ("password", "delivery.password_file names no file"),
        ("gone", "can't be used: nothing answers there."),
    ],
)
def test_a_mail_that_cannot_be_sent_changes_nothing(
    fault: str, said: str, folder: Path, office: PostOffice
) -> None:
    """A warning; tried once; the exit code is that of the run, done or failed; nothing is kept."""
    faults = office.faults
    faults.refuses_logins, faults.refuses_sender = 9 * (fault == "logins"), fault == "sender"
    faults.refused = {IT} if fault == "refused" else set()
    faults.later = {IT: 9} if fault == "later" else {}
    faults.breaks_off = {IT} if fault == "breaks_off" else set()
    if fault == "password":
        (folder / "delivery-password").unlink()
    if fault == "gone":
        notified(folder, office, port="9")
    report = ran(folder)
    assert report.code == 0
    assert "A notice was not sent: " in report.err
    assert said in report.err
    assert len(office.logins) <= 1
    assert not (folder / KEPT).exists()
    (folder / "password").unlink()
    assert ran(folder).code == 3


@pytest.mark.slow
def test_one_address_that_is_refused_does_not_keep_the_others_from_theirs(
    folder: Path, office: PostOffice
) -> None:
    """The first of two."""
    notified(folder, office, HEAD, IT)
    office.faults.refused = {HEAD}
    report = ran(folder)
    assert (report.code, office.addresses()) == (0, [IT])
    assert f"A notice was not sent: {HEAD}: 550" in report.err


def test_a_slow_server_is_not_waited_for_without_end(
    folder: Path,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """However patient delivery.timeout_s is."""
    monkeypatch.setattr(notifying, "WITHIN_S", 1.0)
    monkeypatch.chdir(folder)
    office.faults.slow_s = 6.0
    commands.collect(period=str(OCTOBER), lang=LanguageCode.EN, notify=True)
    assert office.addresses() == []  # the server is still at it
    said = "The mail server took too long: after 1 seconds it is waited for no more."
    assert said in capsys.readouterr().err


def test_rows_of_lists_and_peoples_addresses_are_not_in_it(
    folder: Path, office: PostOffice
) -> None:
    """Of a list, its name and how many rows; the terminal has the rest."""
    shutil.copy(folder / "mailaudit.db", folder / "copy.db")
    (folder / "mailaudit.db").unlink()
    rows = "Họ và tên,Hộp thư,Mã đơn vị\nBí Mật Tên,bimat@vidu.gov.vn,SNV\n"
    rows += "Kín Đáo Người,bimat@vidu.gov.vn,SYT\nLạ Lùng,khong phai thu,SYT\n"
    (folder / "roster.csv").write_text(rows, "utf-8")
    failed = ran(folder)
    body = notice(office)[1]
    assert failed.code == 3
    assert "bimat@vidu.gov.vn" in failed.err or "khong phai thu" in failed.err
    assert "roster.csv can't be used as they stand:" in body
    for planted in ("Bí Mật", "bimat", "Kín Đáo", "Lạ Lùng", "khong phai thu"):
        assert planted not in body


def test_an_address_in_a_message_loses_its_name(folder: Path, office: PostOffice) -> None:
    """As of an account, which may be a person's."""
    text = (folder / "mailaudit.toml").read_text("utf-8")
    for old, new in (("'VIDU\\svc'", "'svc@vidu.gov.vn'"), ('password_file = "password"\n', "")):
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "mailaudit.toml").write_text(text, "utf-8")
    failed = ran(folder)
    assert failed.code == 3
    assert "There is no password for the account svc@vidu.gov.vn." in failed.err
    assert "There is no password for the account …@vidu.gov.vn." in notice(office)[1]


def test_a_bug_is_reported_without_its_words(
    folder: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its kind and where the traceback lies; neither a secret nor a name that it quotes."""
    import typer

    from mailaudit.cli import collecting

    def fail(*_: object, **__: object) -> None:
        raise KeyError(f"Nguyễn An {SECRET}")

    monkeypatch.setattr(collecting, "collect", fail)
    monkeypatch.chdir(folder)
    with pytest.raises(typer.Exit) as ended:
        commands.collect(period=str(OCTOBER), lang=LanguageCode.EN, notify=True)
    assert ended.value.exit_code == 1
    body = notice(office)[1]
    assert "This is a bug in mailaudit" in body and "(KeyError)" in body
    assert "with exit code 1." in body
    assert "mailaudit-bug-" in body
    assert "Nguyễn" not in body and SECRET not in body


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_reported(number: signal.Signals, folder: Path, office: PostOffice) -> None:
    """While nothing is collected, too; it ends with 130."""
    month = ("--period", str(OCTOBER))
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mailaudit", "run", "--notify", "--lang", "en", *month],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment("en") | {"PYTHONUNBUFFERED": "1"},
            # What runs the tests in the background has it ignored.
            preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - no threads
        )
        until = time.monotonic() + 60
        while "measuring" not in (folder / "output.txt").read_text("utf-8"):
            assert time.monotonic() < until
            time.sleep(0.01)
        process.send_signal(number)
        assert process.wait(60) == 130
    subject, body = notice(office)
    assert subject.endswith("NOT done")
    assert "It was stopped, by Ctrl-C or by the system." in body
    assert "with exit code 130." in body


@pytest.mark.slow
def test_the_passwords_are_nowhere(folder: Path, office: PostOffice) -> None:
    """Not in what is printed, written, kept or sent: of runs done, failed, and of a broken mail."""
    printed = []
    for change in (
        lambda: None,
        lambda: setattr(office.faults, "refuses_logins", 1),
        lambda: (folder / "password").write_text("x\ny\n", "utf-8"),
        lambda: (folder / "mailaudit.toml").write_text(f'password = "{PASSWORD}"', "utf-8"),
    ):
        change()
        report = ran(folder, "--verbose", command="run")
        printed.append(report.out + report.err)
    assert len(office.taken) == 3
    secret_files = {"password", "delivery-password", "mailaudit.toml"}
    written = [
        path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in secret_files
    ]
    for secret in (PASSWORD, SECRET):
        assert [text for text in printed if secret in text] == []
        assert [content for content in written if secret.encode() in content] == []
        assert [mail for _, mail in office.taken if secret in body_of_bytes(mail)] == []


def body_of_bytes(content: bytes) -> str:
    return body_of(read(content))


TWENTY_ONE = ", ".join(f'"a{number}@vidu.gov.vn"' for number in range(21))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("to = []", "notify.to: must have from 1 to 20 addresses"),
        (f"to = [{TWENTY_ONE}]", "notify.to: must have from 1 to 20 addresses"),
        ('to = "a@vidu.gov.vn"', "notify.to: must be a list in square brackets"),
        ('to = ["a"]', "notify.to[1]: must be a mail address such as baocao@example.gov.vn"),
        ('to = ["A <a@vidu.gov.vn>"]', "notify.to[1]: must be a mail address such as baocao@"),
        ('to = ["a@vidu.gov.vn\\nBcc: b@x.vn"]', "notify.to[1]: holds a control character"),
        ("", "notify.to: is missing, and has no default"),
        ('mail = "x"', "notify.mail: is not a known key; known here: to"),
        (
            'to = ["a@gmail.com"]',
            "notify: to has addresses outside organisation.domains; correct them, or allow them"
            " with delivery.outside = true",
        ),
        (
            f'to = ["a@vidu.gov.vn"]\npassword = "{PASSWORD}"',
            "notify.password: a secret does not belong in this file; write it into a file of its",
        ),
    ],
)
def test_a_wrong_key_is_named(table: str, said: str, tmp_path: Path, office: PostOffice) -> None:
    """As any other; nothing is read or sent."""
    configure(tmp_path, office, tables={"notify": table})
    failed = ran(tmp_path)
    assert (failed.code, office.taken) == (3, [])
    assert f"\n  {said}" in failed.err
    assert PASSWORD not in failed.err


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"remind_staff": '"yes"'}, "delivery.remind_staff: must be true or false"),
    ],
)
def test_a_wrong_key_of_mails_is_named(
    keys: dict[str, Any], said: str, tmp_path: Path, office: PostOffice
) -> None:
    """As any other."""
    notified(tmp_path, office, tables=None, server="", **keys)
    failed = ran(tmp_path)
    assert failed.code == 3
    assert f"\n  {said}" in failed.err


def test_the_option_needs_its_tables(tmp_path: Path, office: PostOffice) -> None:
    """[notify], and [delivery] by which mails are sent; not every command has the option.

    Without the first the run goes on: it may have been taken away since it was scheduled.
    """
    configure(tmp_path, office)
    failed = ran(tmp_path)
    assert failed.code == 3
    assert failed.err.startswith(
        "--notify: the configuration mailaudit.toml has no table [notify]; nobody is notified.\n"
        "Error: "
    )
    assert (office.taken, list(tmp_path.glob(".*.json"))) == ([], [])
    text = config_text(notify='to = ["a@vidu.gov.vn"]')
    (tmp_path / "mailaudit.toml").write_text(text, "utf-8")
    failed = ran(tmp_path)
    assert failed.code == 3
    assert "  notify: needs the table [delivery] as well, by which mails are sent\n" in failed.err
    failed = ran(tmp_path, command="report")
    assert failed.code == 2
    assert failed.err.startswith("Error: There is no option --notify")


def test_what_goes_wrong_with_the_words_changes_no_run(
    folder: Path,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not even a bug in them."""

    def fail(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("mailaudit.cli.notice.done", fail)
    monkeypatch.chdir(folder)
    commands.collect(period=str(OCTOBER), lang=LanguageCode.EN, notify=True)
    assert "A notice was not sent: KeyError" in capsys.readouterr().err
    assert office.taken == []
