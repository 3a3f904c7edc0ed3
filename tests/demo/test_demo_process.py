"""A server's life: its files, its port, its end."""

import asyncio
import csv
import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from demo_builders import envelope, get_folder
from demo_client import connect, log_in, password_of

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.demo.province import Province
from mailaudit.demo.serve import stopper
from mailaudit.demo.workspace import AUDITOR, ORDINARY, Organisation, Workspace
from mailaudit.errors import ConfigurationError, UsageError

_RUN = """
import sys
from pathlib import Path
from mailaudit.demo.options import Options
from mailaudit.demo.serve import run
run(Path(sys.argv[1]), Options(),
    lambda place: print(place.url, len(place.periods), flush=True))
print("ended", flush=True)
"""
_PARENT = """
import sys, time
from pathlib import Path
from mailaudit.demo.process import served
with served(Path(sys.argv[1])) as place:
    print(place.url, flush=True)
    time.sleep(60)
"""


def _listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_configuration_has_all_an_audit_needs(province: ServedAt) -> None:
    """The configuration names the server, the account, the authority and the staff list."""
    config = tomllib.loads(province.config_path.read_text(encoding="utf-8"))
    assert config["organisation"]["domains"] == ["tinhmau.test"]
    assert config["organisation"]["timezone"] == "Asia/Ho_Chi_Minh"
    assert config["server"] == {
        "url": province.url,
        "version": "Exchange2016",
        "auth": "ntlm",
        "username": f"TINHMAU\\{AUDITOR}",
        "password_file": "password",
        "ca_file": "ca.pem",
        "max_connections": 8,
    }
    folder = province.config_path.parent
    assert (folder / config["server"]["password_file"]).read_text().strip() == password_of(province)
    assert (folder / config["server"]["ca_file"]) == province.ca_path
    assert (folder / config["roster"]["file"]).is_file()
    assert (folder / config["roster"]["units"]).is_file()


def test_secrets_are_private(tmp_path: Path) -> None:
    """Passwords can be read by nobody else, and no key is left lying about."""
    with served(tmp_path) as place:
        assert _mode(place.directory / "password") == 0o600
        assert _mode(place.directory / "delivery-password") == 0o600
        assert _mode(place.accounts_path) == 0o600
        assert {path.name for path in place.directory.iterdir()} == {
            *("ca.pem", "accounts.txt", "password", "delivery-password"),
            *("mailaudit.toml", "roster.csv", "units.csv", "corrections.csv"),
        }
        assert b"PRIVATE" not in place.ca_path.read_bytes()


def test_staff_list_is_as_the_audit_reads_it(province: ServedAt) -> None:
    """UTF-8 with a mark, Vietnamese headers, a line a person."""
    raw = (province.directory / "roster.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert len(rows) == len(Province().staff)
    assert ",".join(rows[0]) == (
        "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái,Từ ngày,Đến ngày"
    )
    units = (province.directory / "units.csv").read_text(encoding="utf-8-sig")
    assert units.startswith("Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên,Thủ trưởng,")


def test_password_is_kept_for_a_folder(tmp_path: Path) -> None:
    """A folder used again keeps its auditor's password; another folder has another."""
    [first, second, other] = [
        Workspace(tmp_path / name).accounts("x.vn")[0].password for name in ("a", "a", "b")
    ]
    assert first == second != other
    assert len(first) >= 32


def test_configuration_survives_any_text(tmp_path: Path) -> None:
    """Quotes and backslashes in names and paths come back out of the TOML."""
    odd = 'C:\\staff "x"\t\x7f ở\u2028đây.csv'
    organisation = Organisation(odd, [odd], odd, odd)
    path = Workspace(tmp_path).write_config("https://x", "ntlm", organisation)
    config = tomllib.loads(path.read_text(encoding="utf-8"))
    assert config["organisation"]["name"] == config["roster"]["file"] == odd


def test_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """The message names the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="file"), served(tmp_path / "file"):
        pass


def test_port_in_use_is_an_error_that_says_so(province: ServedAt, tmp_path: Path) -> None:
    """The second server on a port gets a message with the port."""
    port = urlsplit(province.url).port
    assert port is not None
    with pytest.raises(UsageError, match=str(port)), served(tmp_path, Options(port=port)):
        pass


def test_port_that_is_none_is_an_error(tmp_path: Path) -> None:
    """A number too great for a port is refused."""
    with pytest.raises(UsageError, match="70000"), served(tmp_path, Options(port=70000)):
        pass


def test_traffic_without_people_is_an_error(tmp_path: Path) -> None:
    """The two files go together."""
    with (
        pytest.raises(UsageError, match="--people"),
        served(tmp_path, Options(traffic=tmp_path / "x")),
    ):
        pass


def test_server_ends_with_the_block(tmp_path: Path) -> None:
    """When the block is left, nobody listens any more."""
    with served(tmp_path) as place:
        assert _listens(place.url)
    assert not _listens(place.url)


def test_server_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    """A starter that can't clean up leaves no server behind."""
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    assert _listens(url)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = monotonic() + 10
    while _listens(url) and monotonic() < until:
        sleep(0.05)
    assert not _listens(url)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    """run() says where it listens, and returns when it is to stop, even while in use."""
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    url, periods = process.stdout.readline().split()
    assert periods == "3"
    config, accounts, authority = (
        tmp_path / name for name in ("mailaudit.toml", "accounts.txt", "ca.pem")
    )
    place = ServedAt(url, tmp_path, config, accounts, authority, ())
    connection = connect(place)
    someone = Province().addresses[0]
    request = envelope(get_folder("inbox"), acting_as=someone)
    assert log_in(connection, place, request)[0] == 200
    os.kill(process.pid, number)
    assert process.stdout.read() == "ended\n"
    assert process.wait(10) == 0
    process.stdout.close()
    connection.close()
    assert password_of(place, ORDINARY) != password_of(place)


def test_a_server_that_has_ended_is_stopped_in_silence() -> None:
    """A late end of standard input, or a signal, meets a loop that is closed: no traceback."""

    async def stopped_late() -> Callable[[], None]:
        return stopper(asyncio.Event())

    stop_soon = asyncio.run(stopped_late())

    stop_soon()
