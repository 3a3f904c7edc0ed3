"""deliver: who gets what, that each mail is sent once, and what is said of it."""

import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
from command_line import mailaudit
from corrected_months import a_list, a_row
from delivery_folder import (
    AN,
    BINH,
    CHAIR,
    CUONG,
    HEADER,
    OCTOBER,
    UNITS,
    VICE,
    a_month_to_deliver,
    configure,
    deliver,
    next_edition,
    noted,
    published,
)

from smtp_server import FROM, PASSWORD, PostOffice, read

ALL = [CHAIR, AN, BINH]


@pytest.fixture
def folder(tmp_path: Path, month: Path, office: PostOffice) -> Path:
    """A month that the server delivers."""
    folder = tmp_path / "audit"
    shutil.copytree(month, folder)
    configure(folder, office)
    return folder


def files_of(message: EmailMessage) -> dict[str, bytes]:
    """The attachments by name."""
    found = {}
    for part in message.iter_attachments():
        content = part.get_content()
        found[str(part.get_filename())] = (
            content if isinstance(content, bytes) else content.encode()
        )
    return found


def body_of(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def test_each_gets_one_mail_with_what_is_theirs(folder: Path, office: PostOffice) -> None:
    """Heads the own units' pages, one mail for two units; the board the whole; in Vietnamese."""
    ran = deliver(folder, "--send", language="vi")
    found = office.messages()

    assert (ran.code, ran.err.splitlines()[-1]) == (0, "2026-10: đang lập 3 thư rồi gửi …")
    assert list(found) == ALL
    assert list(files_of(found[CHAIR])) == ["Hộp thư công vụ 2026-10 – xếp hạng.html"]
    assert list(files_of(found[AN])) == [
        "Hộp thư công vụ 2026-10 – Sở Nội vụ.html",
        "Hộp thư công vụ 2026-10 – Sở Nội vụ.xlsx",
    ]
    assert [name[-18:] for name in files_of(found[BINH])] == [
        "2026-10 – Sở Y tế.html"[-18:],
        "2026-10 – Sở Y tế.xlsx"[-18:],
        "– Trung tâm Y tế.html"[-18:],
        "– Trung tâm Y tế.xlsx"[-18:],
    ]
    assert found[BINH]["Subject"] == (
        "Tình hình sử dụng hộp thư điện tử công vụ tháng 10/2026 – Sở Y tế, Trung tâm Y tế"
    )
    assert found[BINH]["To"] == f"Trần Thị Bình <{BINH}>"
    assert found[BINH]["From"] == f"Ví Dụ <{FROM}>"
    assert "Kính gửi: Ông/Bà Trần Thị Bình," in body_of(found[BINH])
    assert "Kính gửi: Lãnh đạo Ví Dụ," in body_of(found[CHAIR])
    assert "chỉ dành cho Thủ trưởng" not in body_of(found[CHAIR])
    assert all(office.was_encrypted)
    assert office.logins == [PASSWORD.encode()]  # once for all mails
    lines = ran.out.splitlines()
    assert lines[0].startswith("chutich@vidu.gov.vn  toàn bộ: đã gửi ")
    assert lines[3:] == [
        "Không gửi: Sở Tài chính (STC), danh sách đơn vị không có hộp thư thủ trưởng.",
        "Không gửi: Văn phòng Sở (SNV/VP), người của đơn vị này nằm trong trang của SNV.",
        "2026-10, phiên bản 1: 3 trên 3 người đã được gửi đủ; lần này gửi 3 thư.",
    ]


@pytest.mark.slow
def test_files_are_those_of_the_report(folder: Path, office: PostOffice) -> None:
    """Byte for byte what `report` writes for the same readers, but for links to other pages."""
    deliver(folder, "--send", language="vi")
    report = ("report", "--period", str(OCTOBER), "--lang", "vi", "--out", "out")
    assert mailaudit(*report, "--audience", "leader", cwd=folder).code == 0
    assert mailaudit(*report, cwd=folder).code == 0
    found = office.messages()

    page = files_of(found[AN])["Hộp thư công vụ 2026-10 – Sở Nội vụ.html"].decode()
    beside = folder / "out" / "mailaudit-2026-10-leader" / "units" / "SNV.html"
    assert page.splitlines() == beside.read_text("utf-8").splitlines()
    whole = files_of(found[CHAIR])["Hộp thư công vụ 2026-10 – xếp hạng.html"].decode()
    public = (folder / "out" / "mailaudit-2026-10.html").read_text("utf-8")
    assert ".html" in public
    assert "units/" not in whole
    assert len(whole) > 0.9 * len(public)


def test_nothing_is_sent_or_noted_without_send(folder: Path, office: PostOffice) -> None:
    """The mails lie in a folder that only their owner can read, as they would be sent."""
    ran = deliver(folder)
    written = sorted((folder / "mails-2026-10").glob("*.eml"))

    assert ran.code == 0, ran.err
    assert (office.taken, office.logins, noted(folder), published(folder)) == ([], [], [], [])
    assert [path.name for path in written] == [
        f"mail-2026-10-00{n}-{address}.eml" for n, address in enumerate(ALL, start=1)
    ]
    assert [read(path.read_bytes())["To"].addresses[0].addr_spec for path in written] == ALL
    assert stat.S_IMODE(written[0].parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert ran.out.splitlines()[0] == f"{CHAIR}  the whole: not sent yet"
    assert f"{AN}       Sở Nội vụ: not sent yet" in ran.out
    assert ran.out.splitlines()[-2:] == [
        "3 mails to look at, none of them sent now: mails-2026-10",
        "To send what 3 lack: mailaudit deliver --period 2026-10 --send",
    ]


@pytest.mark.slow
def test_the_folder_of_mails_to_look_at_holds_the_newest_only(folder: Path) -> None:
    """A head who is none any more has no mail left in it; a file of somebody else's stays."""
    deliver(folder, "--out", "look")
    (folder / "look" / "notes.txt").write_text("mine", "utf-8")
    (folder / "units.csv").write_text(UNITS.replace(AN, CUONG), "utf-8")
    assert deliver(folder, "--out", "look").code == 0
    names = [path.name for path in sorted((folder / "look").iterdir()) if path.name[0] != "."]

    assert [name[17:] for name in names[:-1]] == [f"{one}.eml" for one in (CHAIR, CUONG, BINH)]
    assert names[-1] == "notes.txt"


@pytest.mark.slow
def test_nobody_gets_an_edition_twice(folder: Path, office: PostOffice) -> None:
    """The second run asks the server nothing; who came later gets the mail alone."""
    deliver(folder, "--send")
    again = deliver(folder, "--send")
    assert (again.code, len(office.logins)) == (0, 1)
    assert again.out.count(": sent ") == 3
    assert again.out.endswith(
        "2026-10, edition 1: 3 of 3 people have theirs; 0 mails were sent now.\n"
    )

    configure(folder, office, board=f'["{CHAIR}", "{VICE}"]')
    assert deliver(folder, "--send").code == 0
    assert office.addresses() == [*ALL, VICE]
    assert sorted(noted(folder)) == sorted((one, "sent") for one in [*ALL, VICE])


@pytest.mark.slow
def test_what_is_delivered_is_published(folder: Path, office: PostOffice) -> None:
    """In the register before the first mail: even where the server then takes none."""
    office.faults.refuses_all = True
    assert deliver(folder, "--send").code == 4
    assert published(folder) == ["leader", "public"]
    assert office.taken == []


@pytest.mark.slow
def test_a_difference_by_few_people_is_refused(folder: Path, office: PostOffice) -> None:
    """As of a report: the next edition without one person would tell what that person did."""
    deliver(folder, "--send")
    next_edition(folder)
    refused = deliver(folder, "--send")
    assert (refused.code, len(office.taken)) == (2, 3)
    assert "differs from what was published before in the figures of fewer than 5" in refused.err

    assert deliver(folder, "--send", "--despite-difference").code == 0
    assert office.addresses() == [*ALL, *ALL]
    newest = read(office.taken[-1][1])
    assert newest["Subject"].endswith("(replaces the one before)")
    assert "This edition (2) replaces the one sent before" in body_of(newest)


@pytest.mark.slow
def test_a_corrected_edition_says_why_it_replaces_the_one_before(
    folder: Path, office: PostOffice
) -> None:
    """A head reads of how many of the own people what was corrected; nobody reads a reason."""
    deliver(folder, "--send")
    rows = [line.split(",") for line in (folder / "roster.csv").read_text("utf-8").splitlines()]
    place = rows[0].index("Mã đơn vị")
    people = [next(cell for cell in row if "@" in cell) for row in rows[1:] if row[place] == "SNV"]
    corrections = a_list(
        folder,
        a_row(people[0], "trạng thái", "ốm", dates="01/10/2026,31/10/2026", reason="Ốm nặng"),
        a_row(people[1], "không thuộc danh sách", reason="Ốm nặng"),
        a_row(people[2], "đơn vị", "SYT", reason="Ốm nặng"),
    )
    applied = ("--apply", "--despite-difference", "--lang", "en")
    assert mailaudit("correct", corrections, *applied, cwd=folder).code == 0
    office.reset()
    assert deliver(folder, "--send", "--despite-difference").code == 0

    bodies = {address: body_of(read(content)) for address, content in office.taken}
    why = "replaces the one sent before, because the staff list was corrected; please"
    mine = "People of the unit corrected, by what was wrong: "
    assert all(why in body for body in bodies.values())
    assert f"{mine}who is listed and in scope: 2; unit: 1." in bodies[AN]
    assert f"{mine}unit: 1." in bodies[BINH]
    assert mine not in bodies[CHAIR]
    assert not any("Ốm" in body or "ốm" in body for body in bodies.values())


@pytest.mark.slow
def test_a_board_member_who_is_a_head_gets_one_mail(folder: Path, office: PostOffice) -> None:
    """With the whole and the own unit's page."""
    configure(folder, office, board=f'["{AN.upper()}"]')
    assert deliver(folder, "--send").code == 0
    found = office.messages()

    assert list(found) == [AN, BINH]
    assert [name.rpartition("– ")[2] for name in files_of(found[AN])] == [
        "ranking.html",
        "Sở Nội vụ.html",
        "Sở Nội vụ.xlsx",
    ]


@pytest.mark.slow
def test_all_mails_can_go_to_ones_own_mailbox(folder: Path, office: PostOffice) -> None:
    """Each says whose it is; none is noted, and nothing was published."""
    ran = deliver(folder, "--send", "--to", "toi@vidu.gov.vn")

    assert ran.code == 0, ran.err
    assert office.addresses() == ["toi@vidu.gov.vn"] * 3
    subjects = [str(read(content)["Subject"]) for _, content in office.taken]
    assert [subject.split(" ")[:2] for subject in subjects] == [
        ["[TEST]", f"[{one}]"] for one in ALL
    ]
    assert ran.out.endswith("3 of 3 mails sent to toi@vidu.gov.vn. None is noted as delivered.\n")
    assert (noted(folder), published(folder)) == ([], [])
    assert deliver(folder, "--send").code == 0
    assert office.addresses()[3:] == ALL


@pytest.mark.slow
def test_a_refused_address_is_named_and_tried_again(folder: Path, office: PostOffice) -> None:
    """The others get theirs; once it is corrected in the unit list, so does its new owner."""
    office.faults.refused.add(AN)
    ran = deliver(folder, "--send")
    assert (ran.code, office.addresses()) == (4, [CHAIR, BINH])
    assert f"{AN}       Sở Nội vụ: not sent: 550 5.1.1 No such mailbox here" in ran.out
    assert "2 of 3 people have theirs; 2 mails were sent now." in ran.out
    assert "Correct the addresses that were not taken; the same command tries them again" in ran.err

    (folder / "units.csv").write_text(UNITS.replace(AN, CUONG), "utf-8")
    assert deliver(folder, "--send").code == 0
    assert office.addresses() == [CHAIR, BINH, CUONG]


@pytest.mark.slow
def test_a_mail_of_unknown_fate_is_not_sent_again_by_itself(
    folder: Path, office: PostOffice
) -> None:
    """The server broke off after the mail: it is named until --again decides."""
    office.faults.breaks_off.add(AN)
    first = deliver(folder, "--send")
    assert (first.code, office.addresses()) == (4, ALL)
    assert f"{AN}       Sở Nội vụ: NOT KNOWN whether it was sent (" in first.out
    message_id = read(office.taken[1][1])["Message-ID"]
    assert f"Message-ID {message_id})" in first.out

    office.faults.breaks_off.clear()
    second = deliver(folder, "--send")
    assert (second.code, office.addresses()) == (4, ALL)
    assert f"Message-ID {message_id})" in second.out
    assert "--send --again ADDRESS" in second.err

    third = deliver(folder, "--send", "--again", AN.upper())
    assert (third.code, office.addresses()) == (0, [*ALL, AN])
    assert noted(folder)[-1] == (AN, "sent")
    assert deliver(folder, "--send").code == 0
    assert len(office.taken) == 4


@pytest.mark.slow
def test_a_login_is_tried_once(folder: Path, office: PostOffice) -> None:
    """A refusal ends the run; nothing was made, published or noted."""
    office.faults.refuses_logins = 1
    ran = deliver(folder, "--send")
    assert (ran.code, len(office.logins), office.taken) == (4, 1, [])
    assert "refuses the login of VIDU\\baocao (535)" in ran.err
    assert (noted(folder), published(folder)) == ([], [])
    assert deliver(folder, "--send").code == 0


@pytest.mark.slow
def test_an_own_wording_is_used_in_its_language(tmp_path: Path, office: PostOffice) -> None:
    """Whatever a unit or its head is called, it makes no header."""
    units = (
        f'{HEADER}SNV,"Sở ""A""\r\nBcc: {CUONG}",Sở,,"An\nX: y",{AN}\nSYT,B,Sở,,,\n'
        "SNV/VP,C,Sở,SNV,,\nSNV-CC,D,Sở,SNV,,\nSYT2,E,Sở,,,\nSTC,F,Sở,,,\n"
    )
    a_month_to_deliver(tmp_path, units)
    wording = "[subject] Về {{ units | join }}\n\n{{ name }}\r\nHết"
    (tmp_path / "m.txt").write_text(wording, encoding="utf-8-sig")
    configure(tmp_path, office, wording='"m.txt"')
    assert deliver(tmp_path, "--send", language="vi").code == 0
    message = office.messages()[AN]

    assert office.addresses() == [CHAIR, AN]
    assert message["Bcc"] is None and message["X"] is None
    assert message["Subject"].startswith('Về Sở "A"')
    assert body_of(message).splitlines()[-1] == "Hết"


@pytest.mark.slow
def test_a_provisional_month_says_so(tmp_path: Path, office: PostOffice) -> None:
    """In the body; the pages say it as well."""
    a_month_to_deliver(tmp_path, at=OCTOBER.start + timedelta(days=20))
    configure(tmp_path, office)
    assert deliver(tmp_path, "--send").code == 0
    assert "The data are provisional" in body_of(office.messages()[AN])


@pytest.mark.slow
def test_no_page_goes_to_the_head_of_another_unit(folder: Path, office: PostOffice) -> None:
    """Of one that took over the code; where two rows claim it; where the list lacks the unit."""
    dated = HEADER.strip() + ",Hiệu lực từ,Hiệu lực đến\n"
    rows = [f"{row},," for row in UNITS.splitlines()[1:] if not row.startswith("SYT,")]
    old, new = "SYT,Sở Y tế,Sở,,Trần Thị Bình,", "SYT,Sở Dân tộc,Sở,,Cường Lạ,"
    for health, code in (
        ([f"{old}{BINH},,31/10/2026", f"{new}{CUONG},01/11/2026,"], 0),
        ([f"{old}{BINH},,", f"{new}{CUONG},,"], 3),
        ([], 0),
    ):
        listed = [row for row in rows if health or not row.startswith("SNV")]
        (folder / "units.csv").write_text(dated + "\n".join([*listed, *health]), "utf-8")
        ran = deliver(folder)
        assert ran.code == code, ran.err
        assert CUONG not in ran.out
        if code:
            assert 'the unit code "SYT" stands at units.csv:' in ran.err
        elif health:
            said = "Sở Y tế (SYT), the unit list has this code for another unit: Sở Dân tộc."
            assert f"Not delivered: {said}" in ran.out
        else:
            assert AN not in ran.out
            said = "Sở Nội vụ (SNV), the unit list has no address of its head."
            assert f"Not delivered: {said}" in ran.out


@pytest.mark.slow
def test_who_becomes_the_head_of_another_unit_gets_what_they_miss(
    folder: Path, office: PostOffice
) -> None:
    """In a mail of its own; nothing is said to be sent that was not."""
    assert deliver(folder, "--send").code == 0
    (folder / "units.csv").write_text(
        UNITS.replace("STC,Sở Tài chính,Sở,,,", f"STC,Sở Tài chính,Sở,,Nguyễn Văn An,{AN}"), "utf-8"
    )
    configure(folder, office, board=f'["{CHAIR}", "{AN}"]')
    shown = deliver(folder)
    assert f"{AN}       the whole; Sở Tài chính: not sent yet" in shown.out
    assert f"{AN}       Sở Nội vụ: sent " in shown.out
    ran = deliver(folder, "--send")
    assert (ran.code, office.addresses()) == (0, [*ALL, AN])
    assert f"{AN}       Sở Nội vụ: sent " in ran.out
    assert f"{AN}       the whole; Sở Tài chính: sent " in ran.out
    assert [name.rpartition("– ")[2] for name in files_of(read(office.taken[-1][1]))] == [
        "ranking.html",
        "Sở Tài chính.html",
        "Sở Tài chính.xlsx",
    ]
    assert deliver(folder, "--send").code == 0
    assert len(office.taken) == 4


@pytest.mark.slow
def test_the_run_record_has_each_delivery(folder: Path, office: PostOffice) -> None:
    """With the mails that may have arrived; not where none went, or all to one's own mailbox."""
    assert deliver(folder, "--send", "--to", CUONG).code == 0
    office.reset()
    office.faults.refused, office.faults.breaks_off = {AN}, {BINH}
    assert deliver(folder, "--send").code == 4
    deliver(folder)
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        runs = list(connection.execute("SELECT command, period, made, made_digest FROM run_record"))
        mails = list(
            connection.execute("SELECT digest, message_id FROM delivery WHERE fate <> 'not sent'")
        )
    assert len(mails) == 2
    listed = "".join(f"{digest}  {name}\n" for digest, name in mails)
    assert runs == [("deliver", "2026-10", "mails", sha256(listed.encode()).hexdigest())]
