"""A folder with a collected month to deliver, and a post office to deliver it to."""

from datetime import timedelta
from pathlib import Path

from stored_months import an_audit_of

from mailaudit.model.period import Period
from smtp_server import PASSWORD, PostOffice

OCTOBER = Period(2026, 10)
AN, BINH, CUONG = "an@vidu.gov.vn", "binh@vidu.gov.vn", "cuong@vidu.gov.vn"
CHAIR, VICE = "chutich@vidu.gov.vn", "phochutich@vidu.gov.vn"
UNITS = (
    "Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên,Thủ trưởng,Hộp thư thủ trưởng\n"
    f"SNV,Sở Nội vụ,Sở,,Nguyễn Văn An,{AN}\n"
    f"SNV/VP,Văn phòng Sở,Sở,SNV,Lê Thị Dung,dung@vidu.gov.vn\n"
    "SNV-CC,Chi cục,Sở,SNV,,\n"
    f"SYT,Sở Y tế,Sở,,Trần Thị Bình,{BINH}\n"
    f"SYT2,Trung tâm Y tế,Sở,,Trần Thị Bình,{BINH}\n"
    "STC,Sở Tài chính,Sở,,,\n"
)
SIZES = {"SNV": 5, "SNV/VP": 12, "SNV-CC": 14, "SYT": 20, "SYT2": 9, "STC": 8}


def a_delivery(
    folder: Path, office: PostOffice, *, units: str = UNITS, board: str = "", **changes: str
) -> None:
    """October 2026, collected, and a configuration that delivers it."""
    board = board or f'["{CHAIR}"]'
    an_audit_of(
        folder,
        (OCTOBER, OCTOBER.end + timedelta(days=1)),
        sizes=SIZES,
        units=units,
        report='formats = ["html", "xlsx"]',
        delivery=office.table(board=board, **changes),
    )
    password = folder / "delivery-password"
    password.write_text(PASSWORD + "\n", "utf-8")
    password.chmod(0o600)
