"""A folder with a configuration and lists to audit, for commands that meet no mail server."""

from pathlib import Path

SECRET = "s3cret-Mật-khẩu"

ROSTER = (
    "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái,Từ ngày,Đến ngày\n"
    "A1,Nguyễn An,H01,công chức,an@vidu.gov.vn,,,\n"
    "A2,Trần Bình,H01,công chức,binh@vidu.gov.vn,thai sản,01/10/2026,\n"
)
UNITS = "Mã đơn vị,Tên đơn vị,Nhóm\nH01,Sở Nội vụ,Sở\n"


def config_text(*, server: str = "", **tables: str) -> str:
    """A whole configuration; `server` adds lines to its table, `tables` replace other tables."""
    parts = {
        "organisation": 'name = "Ví Dụ"\ndomains = ["vidu.gov.vn"]',
        "server": (
            'url = "https://127.0.0.1:9/EWS/Exchange.asmx"\nversion = "Exchange2016"\n'
            f"auth = \"ntlm\"\nusername = 'VIDU\\svc'\n{server}"
        ),
        "roster": 'file = "roster.csv"\nunits = "units.csv"',
    }
    return "".join(f"[{name}]\n{text}\n" for name, text in (parts | tables).items())


def an_audit(folder: Path, **changes: str) -> Path:
    """Writes everything an audit needs into `folder`; returns the configuration's path."""
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    password = folder / "password"
    password.write_text(SECRET + "\n", encoding="utf-8")
    password.chmod(0o600)
    config = folder / "mailaudit.toml"
    changes.setdefault("server", 'password_file = "password"')
    config.write_text(config_text(**changes), encoding="utf-8")
    return config
