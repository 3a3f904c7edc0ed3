"""Tracking logs audited through the command line: those that recorded traffic would have left."""

import csv
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Ran, mailaudit, started

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from shared import SHARED

DATA = SHARED / "data"
MONTHS = ("2026-05", "2026-06", "2026-08")
TRAFFIC = """sent_at_utc,sender,recipient,read
2026-05-04T17:00:00Z,an@a.test,binh@a.test,0
2026-05-04T17:00:00Z,an@a.test,chi@a.test,1
2026-05-05T01:00:00Z,binh@a.test,an@a.test,1
2026-05-06T01:00:00Z,stranger@b.test,an@a.test,0
"""
PEOPLE = "mailbox,unit_code\nan@a.test,U1\nbinh@a.test,U1\nchi@a.test,U2\n"

pytestmark = pytest.mark.slow


def the_logs(folder: Path, traffic: Path, people: Path) -> Path:
    """The configuration that audits the tracking logs of this traffic."""
    with served(
        folder / "demo", Options(traffic=traffic, people=people, tracking=folder / "logs")
    ) as place:
        assert isinstance(place, ServedAt) and place.logs_config_path is not None
        return place.logs_config_path


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["mailbox"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DATA.is_dir():
        pytest.skip("the real mail traffic is not beside the project")
    folder = tmp_path_factory.mktemp("eu-core")
    return the_logs(folder, DATA / "eu-core-traffic.csv.gz", DATA / "eu-core-people.csv")


@pytest.mark.parametrize("month", MONTHS)
def test_logs_count_what_really_happened(real: Path, tmp_path: Path, month: str) -> None:
    """For all 816 mailboxes sent, received and sent days are exactly those expected."""
    config = ("--config", real, "--period", month)
    ran = mailaudit("collect", *config, cwd=tmp_path)
    assert ran.code == 0, ran.err
    ran = mailaudit("export", "activity", *config, "--out", "activity.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    found = rows_of(tmp_path / "activity.csv")
    expected = rows_of(DATA / f"eu-core-expected-{month}.csv")
    assert len(expected) == 816
    assert found.keys() == expected.keys()
    for mailbox, row in expected.items():
        assert found[mailbox]["state"] == "measured"
        assert found[mailbox]["read"] == ""  # unknown, never 0
        counts = {key: row[key] for key in ("sent", "received", "sent_days")}
        assert {key: found[mailbox][key] for key in counts} == counts


def _with_reading(text: str) -> str:
    """The configuration with the usual definition of regular use."""
    changed = text.replace('[rules]\nregular = "sent"\n', "")
    assert changed != text
    return changed


def test_mail_sent_alone_makes_a_report_of_logs(real: Path, tmp_path: Path) -> None:
    """Everybody is judged, by the days that the logs show; without it nobody is, and the command
    says how. No file says anything of what was read."""
    usual, alone = (real.parent / f"{name}.toml" for name in ("usual", "alone"))
    text = real.read_text("utf-8").replace('"tracking.db"', f'"{tmp_path / "alone.db"}"')
    usual.write_text(_with_reading(text), "utf-8")
    alone.write_text(text, "utf-8")
    period = ("--period", "2026-05", "--lang", "en")
    ran = mailaudit("collect", "--config", alone, *period, cwd=tmp_path)
    assert ran.code == 0, ran.err

    ran = mailaudit("report", "--config", usual, *period, "--out", "usual", cwd=tmp_path)
    assert ran.code == 6
    assert ran.err.count('With rules.regular = "sent" mail sent alone decides.') == 1
    arguments = ("--config", alone, *period, "--audience", "it", "--out", "alone")
    ran = mailaudit("report", *arguments, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "rules.regular" not in ran.err
    for path in (tmp_path / "alone").rglob("*.html"):
        page = path.read_text("utf-8")
        for word in ("Accessed", "Due mail", "Only reads", "Reads too little", "Never used"):
            assert word not in page, (path.name, word)
        assert "mail sent on at least 4 working days" in page

    options = ("--config", alone, "--period", "2026-05", "--out", "alone.csv")
    ran = mailaudit("export", "activity", *options, cwd=tmp_path)
    assert ran.code == 0, ran.err
    rows = rows_of(tmp_path / "alone.csv").values()
    assert {(row["due"], row["due_read"], row["read"]) for row in rows} == {("", "", "")}
    assert {row["regular"] for row in rows} == {"yes", "no"}
    for row in rows:
        assert (row["regular"] == "yes") is (int(row["sent_working_days"]) >= 4)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "traffic.csv").write_text(TRAFFIC, encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return the_logs(folder, folder / "traffic.csv", folder / "people.csv")


@pytest.fixture
def config(made: Path) -> Iterator[Path]:
    """The configuration, with an empty store and all logs in their place."""
    moved = made.parent.parent / "logs" / "EX02" / "MSGTRKMD2026051003-1.LOG"
    content = moved.read_bytes()
    yield made
    moved.write_bytes(content)
    for path in made.parent.glob("tracking.db*"):
        path.unlink()


def collected(config: Path, folder: Path, *more: str) -> Ran:
    arguments = ("collect", "--config", config, "--period", "2026-05", "--lang", "en")
    return mailaudit(*arguments, *more, cwd=folder)


def test_missing_log_is_named_and_asked_again_once_it_is_there(
    config: Path, tmp_path: Path
) -> None:
    """Nobody becomes idle by it; `check` says which server lacks which day."""
    log = config.parent.parent / "logs" / "EX02" / "MSGTRKMD2026051003-1.LOG"
    content = log.read_bytes()
    log.unlink()
    ran = collected(config, tmp_path)
    assert ran.code == 6
    assert "3  Tracking logs of some days are missing" in ran.out
    assert "2026-05-10 (EX02)" in ran.err

    log.write_bytes(content[:-1])
    ran = collected(config, tmp_path, "--retry-unmeasured")
    assert f"{log.name} is cut short." in ran.err
    assert "Asked again: 3. Still not measured: 3." in ran.out

    log.write_bytes(content)
    ran = collected(config, tmp_path, "--retry-unmeasured")
    assert ran.code == 0, ran.err
    assert "Asked again: 3. Still not measured: 0." in ran.out
    arguments = ("export", "activity", "--config", config, "--period", "2026-05")
    ran = mailaudit(*arguments, "--out", "activity.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    found = rows_of(tmp_path / "activity.csv")
    assert [found[f"{name}@a.test"]["sent"] for name in ("an", "binh", "chi")] == ["1", "1", "0"]
    assert found["an@a.test"]["received_outside"] == "1"
    assert found["an@a.test"]["recipients_inside"] == "2"
    assert {row["regular"] for row in found.values()} == {"no"}


def test_check_says_which_logs_there_are(config: Path, tmp_path: Path) -> None:
    """By server, with their days; and that nobody is judged by them unless by mail sent alone."""
    usual = config.with_name("usual.toml")
    usual.write_text(_with_reading(config.read_text("utf-8")), "utf-8")
    ran = mailaudit("check", "--config", usual, "--lang", "en", cwd=tmp_path)
    lines = [line for line in ran.out.splitlines() if "EX0" in line]
    assert len(lines) == 2 and all("MSGTRK, MSGTRKMD, MSGTRKMS" in line for line in lines)
    assert 'rules.regular = "sent"' in ran.out
    assert "rules.regular" not in mailaudit("check", "--config", config, cwd=tmp_path).out


def test_reading_stops_at_ctrl_c_and_leaves_no_process_and_no_outcome(
    config: Path, tmp_path: Path
) -> None:
    """What was read so far is read again the next time."""
    running = started(
        *("collect", "--config", config, "--period", "2026-05", "--lang", "en"),
        cwd=tmp_path,
        err=tmp_path / "err",
    )
    for _ in range(600):
        try:
            assert running.wait(0.1) is None
        except Exception:  # noqa: BLE001 - whatever the launcher raises while it runs
            if "0 of 3 mailboxes" in (tmp_path / "err").read_text(encoding="utf-8"):
                break
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    said = (tmp_path / "err").read_text(encoding="utf-8")
    assert "Stopped. 0 of 3 mailboxes are stored" in said
    assert "Traceback" not in said
    assert collected(config, tmp_path).code == 0
