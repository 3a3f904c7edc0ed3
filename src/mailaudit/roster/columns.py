"""What the columns of staff and unit lists are called, and which of them a cell names."""

from collections.abc import Mapping

from mailaudit.roster.cells import folded

Columns = Mapping[str, tuple[str, ...]]

STAFF_COLUMNS: Columns = {
    "mailbox": (
        "Hộp thư", "Hộp thư công vụ", "Hộp thư điện tử", "Hộp thư điện tử công vụ", "Hộp thư ĐTCV",
        "Thư điện tử", "Thư điện tử công vụ", "Địa chỉ thư điện tử", "Địa chỉ hộp thư",
        "Địa chỉ thư", "Email công vụ", "Địa chỉ email", "email", "mailbox", "mail",
        "email_address",
    ),
    "aliases": (
        "Địa chỉ khác", "Địa chỉ thư khác", "Hộp thư khác", "Hộp thư cũ", "Địa chỉ thư cũ",
        "Bí danh", "Bí danh hộp thư", "aliases", "alias", "old_mailbox",
    ),
    "unit_code": ("Mã đơn vị", "Mã ĐV", "Mã đơn vị công tác", "Mã cơ quan", "unit_code", "unit"),
    "unit_name": (
        "Đơn vị", "Tên đơn vị", "Đơn vị công tác", "Phòng", "Phòng ban", "Phòng/Đơn vị công tác",
        "Cơ quan", "Cơ quan, đơn vị", "unit_name", "department",
    ),
    "staff_code": (
        "Mã CBCCVC", "Mã cán bộ", "Mã công chức", "Mã viên chức", "Mã nhân viên", "Mã NV",
        "Số hiệu CBCCVC", "Số hiệu công chức", "staff_code", "staff_id", "employee_id",
    ),
    "name": ("Họ và tên", "Họ tên", "Họ, tên", "name", "full_name"),
    "family_name": ("Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ và chữ đệm", "Họ"),
    "given_name": ("Tên",),
    "job_title": (
        "Chức vụ", "Chức danh", "Chức vụ, chức danh", "Chức danh nghề nghiệp", "Vị trí việc làm",
        "Chức vụ/Chức danh", "job_title", "title",
    ),
    "category": ("Loại", "Loại CBCCVC", "Loại cán bộ", "Phân loại", "Đối tượng", "category"),
    "status": ("Trạng thái", "Tình trạng", "status"),
    "status_from": ("Từ ngày", "from", "status_from"),
    "status_to": ("Đến ngày", "to", "status_to"),
}  # fmt: skip

UNIT_COLUMNS: Columns = {
    "code": ("Mã đơn vị", "Mã ĐV", "Mã cơ quan", "Mã", "unit_code", "code"),
    "name": ("Tên đơn vị", "Đơn vị", "Tên cơ quan", "Cơ quan, đơn vị", "unit_name", "name"),
    "group": ("Nhóm", "Nhóm đơn vị", "Khối", "group"),
    "parent": (
        "Mã đơn vị cấp trên", "Mã cấp trên", "Đơn vị cấp trên", "Mã đơn vị cha", "Trực thuộc",
        "parent", "parent_code",
    ),
    "head_name": ("Thủ trưởng", "Người đứng đầu", "Họ tên thủ trưởng", "head", "head_name"),
    "head_address": (
        "Hộp thư thủ trưởng", "Email thủ trưởng", "Thư điện tử thủ trưởng",
        "Hộp thư người đứng đầu", "head_address", "head_mailbox",
    ),
}  # fmt: skip


class Vocabulary:
    """Finds the column a header cell names, without regard to case, diacritics and spaces.

    An English name is only met by a cell without diacritics: "Tổ" (a team) is not "to".
    """

    def __init__(self, columns: Columns) -> None:
        pairs = [(name, column) for column, names in columns.items() for name in names]
        self._vietnamese = {folded(name): column for name, column in pairs if not name.isascii()}
        self._english = {folded(name): column for name, column in pairs if name.isascii()}

    def column(self, cell: str) -> str | None:
        """The column's key in `Columns`, or None for a cell that names none."""
        english = self._english.get(folded(cell)) if cell.isascii() else None
        return english or self._vietnamese.get(folded(cell))
