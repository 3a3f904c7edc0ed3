"""What columns of lists are called, and which of them a cell names."""

import re
from collections.abc import Mapping

from mailaudit.model.reading import PROBLEM_HEADING
from mailaudit.roster.cells import bare_letters

Columns = Mapping[str, tuple[str, ...]]
NAME_PARTS = ("family_name", "middle_name", "given_name")
NAME_KEYS = ("name", *NAME_PARTS)
UNIT_KEYS = ("unit_code", "unit_name")
OFTEN_TWICE = frozenset({"ordinal", "note", "problem"})  # nothing hangs on them: the first counts
LONGEST_HEADING = 500  # characters; brackets in longer ones are not looked into
_WORD = re.compile(r"\w+")
_REMARK = re.compile(r"\(([^()]*)\)")
# What makes a heading another column than the word before the brackets: "Email (cá nhân)".
_OTHER_COLUMN = (
    "cá nhân", "riêng", "cũ", "trước", "phụ", "phụ huynh", "dự phòng", "khác", "gmail", "vợ",
    "chồng", "con", "bố", "mẹ", "cha", "người thân", "gia đình", "liên hệ", "dự kiến", "nơi đi",
    "chuyển đi", "biệt phái", "kiêm nhiệm", "personal", "private", "old", "former", "previous",
    "spouse", "parent", "home", "secondary",
)  # fmt: skip

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
    "server": (
        "Máy chủ thư", "Máy chủ thư điện tử", "Hệ thống thư", "Hệ thống thư điện tử", "mail_server",
    ),
    "unit_code": ("Mã đơn vị", "Mã ĐV", "Mã đơn vị công tác", "Mã cơ quan", "unit_code", "unit"),
    "unit_name": (
        "Đơn vị", "Tên đơn vị", "Đơn vị công tác", "Phòng", "Phòng ban", "Phòng/Đơn vị công tác",
        "Phòng/Đơn vị", "Phòng, đơn vị", "Cơ quan", "Cơ quan, đơn vị", "Cơ quan/Đơn vị",
        "Cơ quan công tác", "Tên cơ quan", "Tên cơ quan, đơn vị", "Nơi công tác",
        "Đơn vị đang công tác", "Bộ phận", "Đơn vị mới", "Đơn vị công tác mới", "Đơn vị hiện nay",
        "Đơn vị hiện tại", "Đơn vị công tác hiện nay", "Đơn vị công tác hiện tại",
        "Đơn vị sau sắp xếp", "Đơn vị công tác sau sắp xếp", "Đơn vị sau sáp nhập",
        "Đơn vị công tác sau sáp nhập", "unit_name", "department",
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
    "middle_name": ("Đệm", "Tên đệm", "Chữ đệm", "Tên lót", "Chữ lót", "middle_name"),
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

CORRECTION_COLUMNS: Columns = {
    "month": ("Tháng", "Kỳ", "Kỳ báo cáo", "Tháng báo cáo", "month", "period"),
    "person": (
        "Hộp thư hoặc mã CBCCVC", "Hộp thư/Mã CBCCVC", "Hộp thư", "Mã CBCCVC", "Mã cán bộ",
        "Hộp thư hoặc mã cán bộ", "person", "mailbox", "staff_code", "mailbox or staff code",
    ),
    "kind": (
        "Nội dung sai", "Sai về", "Nội dung cần đính chính", "Nội dung đính chính", "kind", "wrong",
        "what is wrong",
    ),
    "value": (
        "Giá trị đúng", "Nội dung đúng", "Đúng là", "Đính chính thành", "value", "right",
        "right value",
    ),
    "status_from": ("Từ ngày", "from", "status_from"),
    "status_to": ("Đến ngày", "to", "status_to"),
    "reason": ("Lý do", "Lý do đính chính", "reason"),
    "document": ("Văn bản", "Số văn bản", "Căn cứ", "document"),
    "approved_by": ("Người duyệt", "Người phê duyệt", "Người quyết định", "approved_by"),
    "approved_on": ("Ngày duyệt", "Ngày phê duyệt", "Ngày quyết định", "approved_on", "day"),
}  # fmt: skip


class Vocabulary:
    """Finds the column a header cell names, without regard to case, diacritics and spaces.

    An English name is only met by a cell without diacritics: "Tổ" (a team) is not "to".

    Args:
        named: Headings a person has named for columns; they go before all others.
    """

    def __init__(self, columns: Columns, named: Columns | None = None) -> None:
        pairs = [(name, column) for column, names in columns.items() for name in names]
        own = (named or {}).items()
        self._named = {bare_letters(name): column for column, names in own for name in names}
        self._vietnamese = {
            bare_letters(name): column for name, column in pairs if not name.isascii()
        }
        self._english = {bare_letters(name): column for name, column in pairs if name.isascii()}

    def column(self, cell: str) -> str | None:
        """The column's key in `Columns`, or None for a cell that names none."""
        found = self._named.get(bare_letters(cell)) or self._known(cell)
        if found is not None or "(" not in cell or len(cell) > LONGEST_HEADING:
            return found
        # "Hộp thư (cũ)" was found as "Hộp thư cũ"; "Hộp thư (nếu có)" is "Hộp thư".
        remarks = _REMARK.findall(cell)
        if not remarks or any(map(_means_another_column, remarks)):
            return None
        return self.column(_REMARK.sub(" ", cell))

    def is_named(self, cell: str) -> bool:
        """Whether a person has named a column so."""
        return bare_letters(cell) in self._named

    def _known(self, cell: str) -> str | None:
        key = bare_letters(cell)
        english = self._english.get(key) if cell.isascii() else None
        return english or self._vietnamese.get(key)


def _means_another_column(remark: str) -> bool:
    """Whether words in brackets say that a column is not the one its heading names without them."""
    words = _words(remark)
    if any(f" {phrase} " in words for phrase in _OTHER_COLUMN):
        return True
    # Without any accent, so was the phrase: "Email (ca nhan)".
    return remark.isascii() and any(f" {_plain(phrase)} " in words for phrase in _OTHER_COLUMN)


def _words(text: str) -> str:
    """The words of a text in lower case, a space on either side of each."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _plain(text: str) -> str:
    return " ".join(map(bare_letters, text.split()))
