"""What columns of lists of staff, units and events are called, and which of them a cell names."""

import re
from collections.abc import Mapping

from mailaudit.model.reading import PROBLEM_HEADING
from mailaudit.roster.cells import folded

Columns = Mapping[str, tuple[str, ...]]
NAME_KEYS = ("name", "family_name", "given_name")
UNIT_KEYS = ("unit_code", "unit_name")
OFTEN_TWICE = frozenset({"ordinal", "note", "problem"})  # nothing hangs on them: the first counts
REMARK = re.compile(r"\([^()]*\)")

STAFF_COLUMNS: Columns = {
    "mailbox": (
        "Hộp thư", "Hộp thư công vụ", "Hộp thư điện tử", "Hộp thư điện tử công vụ", "Hộp thư ĐTCV",
        "Thư điện tử", "Thư điện tử công vụ", "Thư công vụ", "Địa chỉ thư điện tử",
        "Địa chỉ thư điện tử công vụ", "Địa chỉ hộp thư", "Địa chỉ hộp thư điện tử công vụ",
        "Địa chỉ thư", "Địa chỉ thư công vụ", "Email công vụ", "Địa chỉ email",
        "Địa chỉ email công vụ", "Tài khoản thư công vụ", "Hộp thư/Email", "email", "mailbox",
        "mail", "email_address",
    ),
    "aliases": (
        "Địa chỉ khác", "Địa chỉ thư khác", "Hộp thư khác", "Hộp thư cũ", "Địa chỉ thư cũ",
        "Bí danh", "Bí danh hộp thư", "aliases", "alias", "old_mailbox",
    ),
    "unit_code": ("Mã đơn vị", "Mã ĐV", "Mã đơn vị công tác", "Mã cơ quan", "unit_code", "unit"),
    "unit_name": (
        "Đơn vị", "Tên đơn vị", "Đơn vị công tác", "Phòng", "Phòng ban", "Phòng/Đơn vị công tác",
        "Phòng/Đơn vị", "Phòng, đơn vị", "Cơ quan", "Cơ quan, đơn vị", "Cơ quan/Đơn vị",
        "Cơ quan công tác", "Tên cơ quan", "Tên cơ quan, đơn vị", "Nơi công tác",
        "Đơn vị đang công tác", "Bộ phận", "unit_name", "department",
    ),
    "staff_code": (
        "Mã CBCCVC", "Mã cán bộ", "Mã công chức", "Mã viên chức", "Mã nhân viên", "Mã NV",
        "Mã số CBCCVC", "Mã số cán bộ", "Mã số công chức", "Số hiệu", "Số hiệu CBCCVC",
        "Số hiệu công chức", "Số hiệu viên chức", "staff_code", "staff_id", "employee_id",
    ),
    "name": (
        "Họ và tên", "Họ tên", "Họ, tên", "Họ và tên CBCCVC", "Họ tên CBCCVC",
        "Họ và tên khai sinh", "Họ, chữ đệm và tên", "Họ, tên đệm và tên", "name", "full_name",
    ),
    "family_name": (
        "Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ và chữ đệm", "Họ, đệm", "Họ lót",
        "Họ và tên lót", "Họ", "family_name", "last_name",
    ),
    "given_name": ("Tên", "given_name", "first_name"),
    "job_title": (
        "Chức vụ", "Chức danh", "Chức vụ, chức danh", "Chức danh nghề nghiệp", "Vị trí việc làm",
        "Chức vụ/Chức danh", "job_title", "title",
    ),
    "category": ("Loại", "Loại CBCCVC", "Loại cán bộ", "Phân loại", "Đối tượng", "category"),
    "status": (
        "Trạng thái", "Tình trạng", "Tình trạng làm việc", "Tình trạng công tác",
        "Trạng thái công tác", "status",
    ),
    "status_from": ("Từ ngày", "from", "status_from"),
    "status_to": ("Đến ngày", "to", "status_to"),
    "paying_unit": (
        "Đơn vị trả lương", "Đơn vị hưởng lương", "Nơi hưởng lương", "Nơi trả lương",
        "paying_unit",
    ),
    "note": ("Ghi chú", "note", "notes", "remark", "remarks"),
    "ordinal": ("STT", "Số TT", "Số thứ tự", "TT", "no", "no."),
    "problem": (PROBLEM_HEADING, "problem"),
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
    "valid_from": (
        "Hiệu lực từ", "Có hiệu lực từ", "Từ ngày", "Ngày thành lập", "valid_from", "from",
    ),
    "valid_to": (
        "Hiệu lực đến", "Hết hiệu lực", "Đến ngày", "Ngày kết thúc", "valid_to", "to",
    ),
}  # fmt: skip

EVENT_COLUMNS: Columns = {
    "day": ("Ngày hiệu lực", "Ngày", "Từ ngày", "Hiệu lực từ", "date", "day"),
    "kind": ("Sự kiện", "Loại sự kiện", "Hình thức", "Biến động", "event", "kind"),
    "predecessors": (
        "Đơn vị trước", "Mã đơn vị trước", "Đơn vị tiền thân", "Mã đơn vị tiền thân",
        "Mã đơn vị cũ", "predecessors", "predecessor",
    ),
    "successors": (
        "Đơn vị sau", "Mã đơn vị sau", "Đơn vị kế thừa", "Mã đơn vị kế thừa", "Mã đơn vị mới",
        "successors", "successor",
    ),
    "document": ("Văn bản", "Số văn bản", "Căn cứ", "Quyết định", "document"),
}  # fmt: skip


class Vocabulary:
    """Finds the column a header cell names, without regard to case, diacritics and spaces.

    An English name is only met by a cell without diacritics: "Tổ" (a team) is not "to".

    Args:
        named: Headings a person has named for columns; each is then its column's only one.
    """

    def __init__(self, columns: Columns, named: Mapping[str, str] | None = None) -> None:
        own = named or {}
        pairs = [
            (name, column)
            for column, names in columns.items()
            if column not in own
            for name in names
        ]
        self._named = {folded(heading): column for column, heading in own.items()}
        self._vietnamese = {folded(name): column for name, column in pairs if not name.isascii()}
        self._english = {folded(name): column for name, column in pairs if name.isascii()}

    def column(self, cell: str) -> str | None:
        """The column's key in `Columns`, or None for a cell that names none."""
        key = folded(cell)
        if key in self._named:
            return self._named[key]
        english = self._english.get(key) if cell.isascii() else None
        found = english or self._vietnamese.get(key)
        if found is None and "(" in cell:  # "Hộp thư (nếu có)"
            without = REMARK.sub("", cell)
            return self.column(without) if without != cell else None
        return found
