"""What the labels and sentences of reports mean, and which numbers are no figures of people."""

import re
from collections.abc import Mapping

# Columns of people: the figure of `people.FIGURES` each counts.
COUNTS: Mapping[str, str] = {
    "Tổng số CBCCVC": "staff",
    "Không thuộc diện": "out_of_scope",
    "Thuộc diện (1)": "in_scope",
    "Đã cấp (2)": "provided",
    "Chưa đo được (3)": "unmeasured",
    "Có truy cập": "read",
    "Có gửi": "sent",
    "Thường xuyên (4)": "regular",
    "Loại trừ trong kỳ": "excluded",
    "Không thuộc diện theo đối tượng, chức danh": "exempt",
    "Chưa có hộp thư": "without",
}
# How people use their mailboxes: columns, and parts of bars.
USES: Mapping[str, str] = {
    "Thường xuyên": "regular",
    "Có gửi, chưa thường xuyên": "sends",
    "Đọc chưa đủ": "unread",
    "Gửi ít ngày": "few_days",
    "Không gửi thư": "not_sent",
    "Chỉ đọc": "only_read",
    "Chưa dùng lần nào": "unused",
    "Chưa được cấp": "without",
    "Chưa đo được": "unmeasured",
}
# Columns of shares: of what they are made.
SHARES: Mapping[str, tuple[str, str]] = {
    "Tỷ lệ cấp % (2/1)": ("provided", "in_scope"),
    "Tỷ lệ thường xuyên % (4/(1−3))": ("regular", "judged"),
    "Tỷ lệ thường xuyên %": ("regular", "judged"),
    "Kỳ này %": ("regular", "judged"),
    "Cận dưới %": ("regular", "in_scope"),
    "Cận trên %": ("upper", "in_scope"),
    "Độ phủ %": ("measured", "provided"),
}
PREVIOUS, GAP, RANK, MOVED = "Kỳ trước %", "So với chỉ tiêu (điểm %)", "Xếp hạng", "Tăng/giảm hạng"
CHANGE = "Tăng/giảm (điểm %)"
MONTH = re.compile(r"(\d\d)/(\d{4})")
# Lines of the two ways from the staff list to regular use.
STEPS: Mapping[str, str] = {
    "Tổng số CBCCVC trong danh sách": "staff",
    "Không thuộc diện theo đối tượng, chức danh": "exempt",
    "Loại trừ trong kỳ": "excluded",
    "Không thuộc diện": "out_of_scope",
    "Thuộc diện": "in_scope",
    "Được cấp hộp thư": "provided",
    "Chưa đo được": "unmeasured",
    "Có truy cập": "read",
    "Có gửi": "sent",
    "Thường xuyên": "regular",
}
# Columns whose numbers are of lines, units, places or thresholds; of people only with a figure
# beside them that is read: a share of the steps above, a change beside the two rates.
OTHER_COLUMNS = frozenset(
    {
        "STT", "Ký hiệu", "Mã đơn vị", "Nhóm", "Nội dung", "Mục", "Kỳ", "Tháng", "Xếp loại",
        "Hình thức", "Nguyên nhân", "Cách xử lý", "Lý do ghi trong danh sách", "Trên tổng số",
        "Tên đơn vị", "Đơn vị, nhóm, tổng chung", "Ghi chú", "Tình trạng sử dụng",
        "Số người cần thêm để lên xếp loại trên", "Số người cần thêm để đạt chỉ tiêu",
        "Số đơn vị", "Đạt chỉ tiêu", "Từ %", "Tỷ trọng %", "Chỉ tiêu %", "Bước",
        "Tỷ lệ %", "Không ghi ngày", "Diễn biến theo tháng",
    }
)  # fmt: skip
_N = r"(\d[\d.]*)"
# Sentences with figures: what stands in each bracket.
SENTENCES: Mapping[re.Pattern[str], tuple[str, ...]] = {
    re.compile(pattern): figures
    for pattern, figures in {
        rf"{_N} trên {_N} người thuộc diện": ("regular", "judged"),
        rf"nếu cả {_N} hộp thư chưa đo được đều không / đều": ("unmeasured",),
        rf"đo được {_N} trên {_N} hộp thư của người thuộc diện": ("measured", "provided"),
        rf"{_N}/{_N} người \([\d,]+%\) không thuộc diện theo đối tượng, chức danh,"
        rf" {_N} người loại trừ": ("exempt", "staff", "excluded"),
        rf"{_N}/{_N} người \([\d,]+%\) không thuộc diện theo đối tượng, chức danh": (
            "exempt",
            "staff",
        ),
        rf"Danh sách có {_N} người": ("staff",),
        rf"trong đó {_N} người thuộc diện": ("in_scope",),
        rf"Có {_N} người thuộc diện sử dụng": ("in_scope",),
        rf"và {_N} người không thuộc diện": ("out_of_scope",),
        rf"Đã cấp hộp thư cho {_N} người": ("provided",),
        rf"[Cc]òn {_N} người (?:thuộc diện )?chưa được cấp": ("without",),
        rf"Trong kỳ có {_N} người truy cập, {_N} người gửi thư và {_N} người sử dụng": (
            "read",
            "sent",
            "regular",
        ),
        rf"Trong kỳ có {_N} người gửi thư và {_N} người sử dụng": ("sent", "regular"),
        rf"\({_N}/{_N} người\)": ("regular", "judged"),
        rf"[Cc]òn {_N} hộp thư chưa đo được": ("unmeasured",),
        rf"khắc phục {_N} hộp thư": ("unmeasured",),
        rf"cấp mới {_N} hộp thư còn thiếu": ("without",),
        rf"{_N} người chưa thường xuyên sử dụng: vì sao(?: [\d.]+)*": ("not_regular",),
        **{rf" {label} {_N}(?![\d.,%])": (figure,) for label, figure in USES.items()},  # card
        **{rf"(?:^|; ){label}: {_N}(?![\d.]|  ·)": (figure,) for label, figure in USES.items()},
    }.items()
}
_S = r"([\d,]+)%"
# Sentences with shares: of what each is made.
SHARE_SENTENCES: Mapping[re.Pattern[str], tuple[tuple[str, str], ...]] = {
    re.compile(pattern): shares
    for pattern, shares in {
        rf"độ phủ {_S}, tỷ lệ từ {_S} đến {_S}": (
            SHARES["Độ phủ %"],
            SHARES["Cận dưới %"],
            SHARES["Cận trên %"],
        ),
        rf"độ phủ {_S}, dưới mức \d+%": (SHARES["Độ phủ %"],),
        rf"Độ phủ của số liệu là {_S}": (SHARES["Độ phủ %"],),
        rf"Độ phủ(?: \|)? {_S}": (SHARES["Độ phủ %"],),
        rf"Tỷ lệ sử dụng thường xuyên(?: \|)? {_S}": (("regular", "judged"),),
        rf"Tỷ lệ sử dụng thường xuyên đạt {_S}": (("regular", "judged"),),
        rf"tỷ lệ sử dụng thường xuyên {_S}": (("regular", "judged"),),
        rf"người, đạt {_S} số người thuộc diện": (("provided", "in_scope"),),
    }.items()
}
NOBODY_SILENT = "mọi hộp thư đều đo được"
PLACE = re.compile(rf"Xếp hạng \| {_N} \| (\(đồng hạng\))?")
RANKED = re.compile(rf"trong {_N} đơn vị được xếp hạng của nhóm")
PREVIOUS_RANK = re.compile(rf"kỳ trước hạng {_N}")
PREVIOUS_SHARE = re.compile(r"kỳ trước \(?([\d,]+)%")
MANY_EXEMPT = re.compile(r"không thuộc diện theo đối tượng, chức danh")
