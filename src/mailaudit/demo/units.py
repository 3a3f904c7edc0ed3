"""The units of the demonstration province, and how far each one's staff use their mailboxes.

Everything here is invented; any resemblance to a real unit is that all provinces are organised
alike.
"""

from dataclasses import dataclass

DEPARTMENTS = "Sở, ban, ngành"
COMMUNES = "UBND xã, phường, đặc khu"
SERVICES = "Đơn vị sự nghiệp"


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit as the demonstration makes it.

    Attributes:
        size: How many staff it has.
        regular_percent: The share of its staff in scope who use their mailbox regularly, in
            each of the three months.
        unreachable: How many of its mailboxes can't be opened.
        parent: Code of the unit it belongs to, or empty.
    """

    code: str
    name: str
    group: str
    size: int
    regular_percent: tuple[int, int, int]
    unreachable: int = 0
    parent: str = ""


# name, staff, percent regular in August, September and October, unreachable mailboxes
_DEPARTMENTS = (
    ("Văn phòng UBND tỉnh", 48, (94, 96, 97), 0),
    ("Sở Nội vụ", 46, (86, 89, 92), 1),
    ("Sở Tài chính", 58, (88, 88, 91), 1),
    ("Sở Tư pháp", 34, (82, 80, 85), 0),
    ("Sở Công Thương", 44, (71, 76, 79), 1),
    ("Sở Nông nghiệp và Môi trường", 66, (63, 66, 71), 1),
    ("Sở Xây dựng", 56, (77, 74, 70), 1),
    ("Sở Khoa học và Công nghệ", 42, (95, 95, 98), 0),
    ("Sở Văn hóa, Thể thao và Du lịch", 40, (58, 69, 82), 0),
    ("Sở Giáo dục và Đào tạo", 44, (80, 83, 84), 1),
    ("Sở Y tế", 50, (66, 62, 55), 1),
    ("Sở Dân tộc và Tôn giáo", 26, (73, 75, 77), 0),
    ("Sở Ngoại vụ", 22, (90, 86, 91), 0),
    ("Thanh tra tỉnh", 36, (84, 82, 81), 1),
    ("Ban Quản lý các khu công nghiệp", 28, (61, 64, 64), 0),
    ("Văn phòng Đoàn ĐBQH và HĐND tỉnh", 30, (89, 90, 87), 4),
)
_COMMUNES = (
    ("phường Bến Thượng", 36, (83, 85, 90), 0),
    ("phường Tịnh An", 34, (78, 81, 83), 0),
    ("phường Cầu Đá", 32, (69, 74, 76), 0),
    ("phường Hòa Mẫu", 32, (69, 74, 76), 0),
    ("phường Đông Quang", 34, (74, 72, 77), 1),
    ("phường Lộc Giang", 30, (66, 71, 68), 0),
    ("phường Phú Tịnh", 32, (81, 82, 85), 0),
    ("phường Trường Khê", 30, (59, 63, 72), 0),
    ("xã An Khê Thượng", 26, (42, 48, 55), 0),
    ("xã Bình Mẫu", 28, (64, 60, 63), 0),
    ("xã Cẩm Lương", 26, (36, 44, 47), 0),
    ("xã Chư Linh", 24, (28, 33, 41), 0),
    ("xã Dương Hội", 26, (71, 73, 73), 0),
    ("xã Đại Thạch", 28, (52, 57, 61), 0),
    ("xã Đồng Vân", 24, (45, 39, 34), 0),
    ("xã Gia Lộc Đông", 26, (68, 70, 75), 0),
    ("xã Hàm Tân Trung", 28, (55, 52, 50), 0),
    ("xã Hồng Khánh", 24, (79, 84, 91), 0),
    ("xã Khánh Trạch", 26, (49, 58, 66), 0),
    ("xã Kim Động Hạ", 24, (62, 62, 60), 0),
    ("xã Lâm Thủy", 24, (31, 35, 38), 0),
    ("xã Long Tịnh", 26, (75, 79, 81), 0),
    ("xã Mỹ Hưng Tây", 26, (57, 55, 59), 0),
    ("xã Ngọc Sơn Hạ", 24, (40, 47, 52), 0),
    ("xã Phước Mẫu", 26, (72, 68, 64), 0),
    ("xã Quảng Thành", 24, (46, 51, 58), 0),
    ("xã Sông Nhạn", 24, (33, 30, 29), 0),
    ("xã Tân Hiệp Thượng", 26, (60, 65, 67), 0),
    ("xã Thạch Bàn", 24, (54, 54, 62), 0),
    ("xã Vĩnh Lương", 26, (77, 80, 80), 0),
    ("xã Yên Khê", 24, (43, 50, 49), 0),
    ("đặc khu Hòn Tịnh", 18, (65, 70, 74), 0),
)
_SERVICES = (
    ("Bệnh viện Đa khoa tỉnh", 96, (38, 43, 46), 3),
    ("Bệnh viện Y học cổ truyền", 46, (35, 37, 44), 0),
    ("Trung tâm Kiểm soát bệnh tật", 52, (56, 61, 64), 1),
    ("Trường Cao đẳng Kỹ thuật", 62, (67, 65, 70), 1),
    ("Trường Chính trị tỉnh", 30, (76, 79, 83), 0),
    ("Trung tâm Chuyển đổi số", 26, (96, 96, 96), 0),
    ("Trung tâm Phục vụ hành chính công", 28, (91, 93, 96), 0),
    ("Trung tâm Khuyến nông", 34, (41, 45, 43), 0),
    ("Báo và Phát thanh, Truyền hình tỉnh", 54, (73, 77, 80), 1),
    ("Thư viện tỉnh", 20, (50, 60, 55), 0),
    ("Ban Quản lý dự án đầu tư xây dựng", 36, (62, 66, 69), 0),
    ("Ban Quản lý cảng cá", 5, (50, 50, 75), 0),
)
# parent's name, then as above: their staff count in the department
_BRANCHES = (
    ("Sở Nông nghiệp và Môi trường", "Chi cục Kiểm lâm", 24, (44, 46, 52), 0),
    ("Sở Y tế", "Chi cục Dân số", 16, (58, 61, 63), 0),
)


def _make() -> tuple[DemoUnit, ...]:
    units: list[DemoUnit] = []
    for group, rows in ((DEPARTMENTS, _DEPARTMENTS), (COMMUNES, _COMMUNES), (SERVICES, _SERVICES)):
        for name, size, percent, unreachable in rows:
            title = f"UBND {name}" if group == COMMUNES else name
            code = f"H{len(units) + 1:02d}"
            units.append(DemoUnit(code, title, group, size, percent, unreachable))
    codes = {unit.name: unit.code for unit in units}
    for above, name, size, percent, unreachable in _BRANCHES:
        parent = codes[above]
        code = f"{parent}.01"
        units.append(DemoUnit(code, name, DEPARTMENTS, size, percent, unreachable, parent))
    return tuple(units)


UNITS = _make()
