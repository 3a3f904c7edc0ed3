"""remind: who gets a mail about their own mailbox, once a month, and what it never says."""

import csv
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from delivery_folder import (
    AN,
    OCTOBER,
    REPORT,
    UNITS,
    a_month_to_deliver,
    configure,
    deliver,
    next_edition,
    noted,
    published,
)
from test_delivery_adversary import a_province, texts_of

from mailaudit.delivery.wording import MailWording, ReminderVariables
from mailaudit.metrics.measure import measure
from mailaudit.model.outcome import Activity
from mailaudit.model.rules import Rules
from mailaudit.roster import read_calendar
from mailaudit.roster.shipped import shipped
from mailaudit.store import SnapshotStore
from smtp_server import PASSWORD, PostOffice, read

QUIET = ["nv0@vidu.gov.vn", "yt3@vidu.gov.vn", "yt4@vidu.gov.vn"]
IN_ENGLISH = {"report": 'formats = ["html"]\nlanguage = "en"'}  # whose own wording is used
SEVEN_DAYS = {"rules": "min_sent_days = 7"}  # those who are quiet sent mail on six


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a month in which three were quiet, to be copied; one of them is a head."""
    folder = tmp_path_factory.mktemp("month")
    a_month_to_deliver(folder, UNITS.replace(AN, QUIET[0]), quiet=QUIET)
    return folder


@pytest.fixture
def folder(tmp_path: Path, month: Path, office: PostOffice) -> Path:
    """A month of which staff may be reminded."""
    folder = tmp_path / "audit"
    shutil.copytree(month, folder)
    configure(folder, office, tables=SEVEN_DAYS, remind_staff="true")
    return folder


def remind(folder: Path, *arguments: str, language: str = "en") -> Ran:
    """Runs `mailaudit remind` for October."""
    return mailaudit("remind", "--period", str(OCTOBER), "--lang", language, *arguments, cwd=folder)


def refused(ran: Ran, code: int, said: str) -> None:
    """One message, with its exit code; nothing on stdout."""
    assert (ran.code, ran.out) == (code, ""), ran
    assert ran.err.splitlines()[-1].startswith(f"Error: {said}"), ran.err
    assert PASSWORD not in ran.err and "Traceback" not in ran.err


def test_each_is_reminded_of_the_own_mailbox_alone(folder: Path, office: PostOffice) -> None:
    """In Vietnamese; a short mail without a file or a figure; noted, and published nowhere."""
    ran = remind(folder, "--send", language="vi")
    assert ran.code == 0, ran.err
    found = office.messages()
    assert list(found) == QUIET
    message = found[QUIET[1]]
    body = message.get_body()
    assert body is not None
    assert list(message.iter_attachments()) == []
    assert message["Subject"] == "Về việc sử dụng hộp thư điện tử công vụ tháng 10/2026"
    text = str(body.get_content()).replace("\r", "")
    assert text.splitlines()[:5] == [
        "Kính gửi: Ông/Bà,",
        "",
        "Theo số liệu thống kê của Ví Dụ, chốt lúc 00 giờ 00 phút ngày 02/11/2026, trong tháng"
        " 10/2026 hộp thư"
        " điện tử công vụ của Ông/Bà chưa được sử dụng thường xuyên.",
        "",
        "Hộp thư được tính là sử dụng thường xuyên khi trong tháng có gửi thư trong ít nhất 7 ngày"
        " làm việc và đã đọc ít nhất 80% số thư đến hạn. Việc thống kê chỉ đếm thư, không đọc nội"
        " dung thư.",
    ]
    assert ran.out.splitlines()[-1] == (
        "2026-10, phiên bản 1: 3 trên 3 người đã được gửi đủ; lần này gửi 3 thư."
    )
    assert sorted(noted(folder)) == sorted((one, "sent") for one in QUIET)
    assert published(folder) == []
    assert office.logins == [PASSWORD.encode()]


@pytest.mark.parametrize(("code", "said"), [("en", "working days"), ("vi", "ngày làm việc")])
def test_the_rule_that_is_in_force_is_named(code: str, said: str) -> None:
    """Where any activity is regular use, no number of days is; where sending alone is, no share."""
    name = f"reminder.{code}.txt"
    wording = MailWording(name, shipped(name).read_text("utf-8"), ReminderVariables)
    usual = ReminderVariables("Ví Dụ", "10", "2026", "1", "An", False, True, "4", "80")
    assert said in wording.subject_and_body(usual)[1]
    assert said not in wording.subject_and_body(replace(usual, any_activity=True))[1]
    alone = wording.subject_and_body(replace(usual, counts_reading=False))[1]
    assert said in alone and "80" not in alone


def test_nothing_is_sent_without_send_or_a_decision(folder: Path, office: PostOffice) -> None:
    """The mails lie in a folder of their own; `--send` alone is not enough."""
    configure(folder, office, tables=SEVEN_DAYS)
    ran = remind(folder)
    names = sorted(path.name for path in (folder / "reminds-2026-10").glob("*.eml"))
    assert ran.code == 0, ran.err
    assert names == [f"remind-2026-10-00{n}-{one}.eml" for n, one in enumerate(QUIET, start=1)]
    assert ran.out.splitlines()[0] == f"{QUIET[0]}  reminder: not sent yet"
    assert ran.out.splitlines()[-1] == (
        "To send what 3 lack: mailaudit remind --period 2026-10 --send"
    )
    assert "switched off: --send needs delivery.remind_staff = true" in ran.err
    for options in (("--send",), ("--send", "--to", "me@vidu.gov.vn")):
        refused(remind(folder, *options), 3, "Reminders to staff are switched off. Nothing was")
    assert (office.taken, office.logins, noted(folder)) == ([], [], [])


@pytest.mark.slow
def test_nobody_is_reminded_of_a_month_twice(folder: Path, office: PostOffice) -> None:
    """Of a later edition neither; who became quiet by it is. Nor do deliveries get in the way."""
    assert deliver(folder, "--send").code == 0
    before = len(office.taken)
    assert QUIET[0] in office.addresses()  # the head, of the own unit
    assert remind(folder, "--send").code == 0
    assert office.addresses()[before:] == QUIET
    again = remind(folder, "--send")
    assert again.out.endswith("3 of 3 people have theirs; 0 mails were sent now.\n")

    next_edition(folder, people=6)
    text = (folder / "mailaudit.toml").read_text("utf-8")
    assert remind(folder, "--send").code == 0
    assert office.addresses()[before:] == QUIET
    (folder / "mailaudit.toml").write_text(text.replace("days = 7", "days = 23"), "utf-8")
    assert remind(folder, "--send").code == 0
    assert len(set(office.addresses()[before:])) == len(office.addresses()[before:]) == 62
    office.reset()
    (folder / "mailaudit.toml").write_text(text, "utf-8")
    assert deliver(folder, "--send", "--despite-difference").code == 0
    newest = {address: read(content)["Subject"] for address, content in office.taken}
    assert newest[QUIET[0]].endswith("(replaces the one before)")


@pytest.mark.slow
def test_a_replaced_edition_is_not_sent(folder: Path, office: PostOffice) -> None:
    """It stops at the next mail once another edition is there."""
    office.on_mail = lambda: None if len(office.taken) != 1 else next_edition(folder, people=6)
    ran = remind(folder, "--send")
    assert (ran.code, len(office.taken)) == (5, 2)
    assert "Edition 1 of 2026-10 was replaced while it was being delivered." in ran.err
    office.on_mail = lambda: None
    assert remind(folder, "--send").code == 0
    assert office.addresses() == QUIET


@pytest.mark.slow
def test_all_reminders_can_go_to_ones_own_mailbox(folder: Path, office: PostOffice) -> None:
    """None is noted; an own wording and a contact are used."""
    (folder / "r.txt").write_text("[subject] {{ month }}\n\n{{ contact }}, {{ name }}", "utf-8")
    own = {"reminder_wording": '"r.txt"', "remind_staff": "true"}
    configure(folder, office, tables=SEVEN_DAYS | objections(), **own)
    assert remind(folder, "--send", "--to", "me@vidu.gov.vn", language="vi").code == 0
    assert office.addresses() == ["me@vidu.gov.vn"] * 3
    message = read(office.taken[0][1])
    body = message.get_body()
    assert body is not None
    assert message["Subject"] == f"[THỬ] [{QUIET[0]}] 10"
    assert str(body.get_content()).strip() == "Phòng 12,"
    assert noted(folder) == []


@pytest.mark.slow
def test_mails_to_heads_name_a_contact_and_a_last_day(folder: Path, office: PostOffice) -> None:
    """Where the configuration has them; the pages in the mails name the same."""
    configure(folder, office, tables=objections("objection_days = 5"))
    assert deliver(folder, language="vi").code == 0
    paths = sorted((folder / "mails-2026-10").glob("*.eml"))
    bodies = [str(part.get_content()) for path in paths if (part := body_part(path)) is not None]
    said = r"Nếu số liệu chưa đúng, đề nghị phản ánh với Phòng 12 chậm nhất ngày \d\d/\d\d/\d{4}\."
    assert len(bodies) == 3
    assert all(re.search(said, body) for body in bodies)
    pages = [
        part.get_content()
        for path in paths
        for part in read(path.read_bytes()).iter_attachments()
        if str(part.get_filename()).endswith("html") and "xếp hạng" not in str(part.get_filename())
    ]
    same = "phản ánh với Phòng 12, trong 5 ngày kể từ ngày nhận được báo cáo."
    assert len(pages) == 3
    assert all(same in page for page in pages)


def objections(more: str = "") -> dict[str, str]:
    """The table [report] with a contact."""
    return {"report": f'{REPORT}\ncontact = "Phòng 12"\n{more}'}


def body_part(path: Path):  # type: ignore[no-untyped-def] # noqa: ANN201
    return read(path.read_bytes()).get_body()


@pytest.mark.parametrize(
    ("tables", "keys", "code", "said"),
    [
        ({"rules": "min_sent_days = 4"}, {}, 2, "There is nobody to remind of 2026-10. Everybody"),
        (
            IN_ENGLISH,
            {"reminder_wording": '"no.txt"'},
            3,
            "The wording no.txt can't be read: there is no",
        ),
        (
            IN_ENGLISH,
            {"reminder_wording": '"units.csv"'},
            3,
            "The wording units.csv does not begin with a",
        ),
        (
            IN_ENGLISH,
            {"reminder_wording": '"u.txt"'},
            3,
            "The wording u.txt, line 3, names units, which",
        ),
        (SEVEN_DAYS, {"password_file": '"none"'}, 3, "delivery.password_file names no file that"),
        (SEVEN_DAYS, {"port": "9"}, 4, "The mail server localhost, port 9, can't be used: nothing"),
        (
            SEVEN_DAYS | {"organisation": 'name = "X"\ndomains = ["other.vn"]'},
            {"from": '"a@other.vn"', "board": ""},
            3,
            "These addresses are outside organisation.domains: nv0@vidu.gov.vn, yt3@vidu.gov.vn,",
        ),
    ],
)
def test_wrong_input_is_named(
    tables: dict[str, str],
    keys: dict[str, str],
    code: int,
    said: str,
    folder: Path,
    office: PostOffice,
) -> None:
    """Nothing is sent or noted."""
    (folder / "u.txt").write_text("[subject] x\n\n{{ units }}", "utf-8")
    configure(folder, office, tables=tables, **({"remind_staff": "true"} | keys))
    refused(remind(folder, "--send"), code, said)
    assert (office.taken, noted(folder)) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--to", "a@vidu.gov.vn"), 2, "--to goes with --send only. Add --send to send the mails"),
        (("--again", "a@vidu.gov.vn"), 2, "--again goes with --send only. Add --send to send the"),
        (("--send", "--out", "x"), 2, "--out and --send do not go together."),
        (("--period", "2026-13"), 2, "--period 2026-13 is not a month."),
        (("--period", "2026-08"), 5, "The store mailaudit.db has no snapshot of 2026-08."),
        (("--send", "--to", "me"), 2, "--to me is not a mail address. Write one address, such as"),
        (("--send", "--to", "a@b.vn"), 3, "These addresses are outside organisation.domains: a@b"),
        (("--send", "--again", "c@x.vn"), 2, "--again c@x.vn: nobody with this address gets a"),
    ],
)
def test_wrong_usage_is_named(
    arguments: tuple[str, ...], code: int, said: str, folder: Path, office: PostOffice
) -> None:
    """Nothing is sent or noted."""
    refused(remind(folder, *arguments), code, said)
    assert (office.taken, noted(folder)) == ([], [])


@pytest.mark.slow
def test_a_month_that_cannot_be_judged_reminds_nobody(tmp_path: Path, office: PostOffice) -> None:
    """Not sealed; nobody had any mail; no table to send by."""
    provisional = tmp_path / "provisional"
    a_month_to_deliver(provisional, at=OCTOBER.start + timedelta(days=20), quiet=QUIET)
    configure(provisional, office, tables=SEVEN_DAYS, remind_staff="true")
    refused(remind(provisional, "--send"), 2, "2026-10 is provisional: nobody is reminded of a")
    silent = tmp_path / "silent"
    a_month_to_deliver(silent, mail=False)
    said = "The configuration mailaudit.toml has no table [delivery]. Add it as in the example"
    refused(remind(silent), 3, said)
    configure(silent, office, remind_staff="true")
    refused(remind(silent, "--send"), 2, "Nobody had any mail in 2026-10, which can't be: nobody")
    unknown = tmp_path / "unknown"
    a_month_to_deliver(unknown, mail=False, measured=50)
    configure(unknown, office, remind_staff="true")
    said = "Too few mailboxes of 2026-10 were measured, and none of them had any mail: nobody"
    refused(remind(unknown, "--send"), 2, said)
    assert office.taken == []


@pytest.mark.parametrize("seed", [10, *(pytest.param(n, marks=pytest.mark.slow) for n in range(6))])
def test_no_reminder_says_anything_of_anybody_else(seed: int, tmp_path: Path) -> None:
    """In random provinces: to those in scope, measured and not regular, and to nobody else."""
    planted = a_province(tmp_path, seed, '"xlsx"')
    with (tmp_path / "roster.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        snapshot = store.load(OCTOBER)
    regular = {
        one.staff.mailbox: one.regular
        for one in measure(snapshot, read_calendar(None), Rules()).staff
    }
    expected = [
        row["Hộp thư"]
        for row in rows
        if row["Loại"] == "công chức"
        and not row["Trạng thái"]
        and isinstance(snapshot.outcomes.get(row["Hộp thư"]), Activity)
        and not regular[row["Hộp thư"]]
    ]
    ran = remind(tmp_path, language="vi")
    if snapshot.sealed_at is None or not expected:
        assert ran.code == 2
        return
    assert ran.code == 0, ran.err
    found = [
        read(path.read_bytes()) for path in sorted((tmp_path / "reminds-2026-10").glob("*.eml"))
    ]
    assert [one["To"].addresses[0].addr_spec for one in found] == expected
    people = {one for them in (*planted.staff.values(), *planted.heads.values()) for one in them}
    people |= {one.partition("@")[0] for one in (*planted.owners, *planted.board)}
    codes = [row["Mã đơn vị"] for row in rows]
    for message in found:
        own = message["To"].addresses[0].addr_spec.partition("@")[0]
        text = "\n".join(texts_of(message)).casefold()
        assert own in text
        assert [one for one in people - {own} if one in text] == []
        said = text.partition("kính gửi")[2]
        assert f"người {own}" in said
        assert [code for code in codes if re.search(rf"\b{code.casefold()}\b", said)] == []
        assert re.findall(r"\d+(?:,\d+)?(?= ngày|%)", said) == ["4", "80"]
