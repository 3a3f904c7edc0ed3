"""The folders every mailbox of the demonstration has, named as a Vietnamese server names them."""

from collections.abc import Iterable, Mapping

from mailaudit.demo.content import Folder, Item

ROOT, MESSAGE_ROOT, INBOX, SENT, DELETED, DRAFTS, OUTBOX, JUNK = 0, 1, 2, 3, 4, 5, 6, 7
INCOMING, URGENT, SENT_ARCHIVE, ARCHIVE, UNREAD_VIEW = 20, 21, 22, 23, 24
RECOVERABLE = 31
CONTENT_KNOWN_FROM = 1_767_243_600  # 2026-01-01 12:00 at UTC+7: folders were made before any mail

_NOTE, _CONTACT, _CONTACTS = "IPF.Note", "IPF.Contact", "ContactsFolder"
# number, parent, name, class, element, well-known name; parents before children, depth first
_STANDARD = (
    (ROOT, ROOT, "Gốc", "", "Folder", "root"),
    (8, ROOT, "Tìm kiếm", "", "Folder", "searchfolders"),
    (9, 8, "Việc cần làm", "", "SearchFolder", "todosearch"),
    (30, ROOT, "Mục có thể khôi phục", "", "Folder", "recoverableitemsroot"),
    (RECOVERABLE, 30, "Mục đã xóa hẳn", "", "Folder", "recoverableitemsdeletions"),
    (MESSAGE_ROOT, ROOT, "Đầu Kho Thông tin", "", "Folder", "msgfolderroot"),
    (SENT, MESSAGE_ROOT, "Mục đã Gửi", _NOTE, "Folder", "sentitems"),
    (DELETED, MESSAGE_ROOT, "Mục đã xóa bỏ", _NOTE, "Folder", "deleteditems"),
    (OUTBOX, MESSAGE_ROOT, "Hộp thư đi", _NOTE, "Folder", "outbox"),
    (INBOX, MESSAGE_ROOT, "Hộp thư đến", _NOTE, "Folder", "inbox"),
    (DRAFTS, MESSAGE_ROOT, "Bản nháp", _NOTE, "Folder", "drafts"),
    (10, MESSAGE_ROOT, "Lịch", "IPF.Appointment", "CalendarFolder", "calendar"),
    (11, MESSAGE_ROOT, "Nhật ký", "IPF.Journal", "Folder", "journal"),
    (12, MESSAGE_ROOT, "Ghi chú", "IPF.StickyNote", "Folder", "notes"),
    (13, MESSAGE_ROOT, "Tác vụ", "IPF.Task", "TasksFolder", "tasks"),
    (14, MESSAGE_ROOT, "Danh bạ", _CONTACT, _CONTACTS, "contacts"),
    (15, 14, "Liên hệ Nhanh", f"{_CONTACT}.MOC.QuickContacts", _CONTACTS, "quickcontacts"),
    (25, 14, "IM Contacts List", f"{_CONTACT}.MOC.ImContactList", _CONTACTS, "imcontactlist"),
    (26, 14, "GAL Contacts", f"{_CONTACT}.GalContacts", _CONTACTS, ""),
    (JUNK, MESSAGE_ROOT, "Email Rác", _NOTE, "Folder", "junkemail"),
    (16, MESSAGE_ROOT, "Vấn đề Đồng bộ", _NOTE, "Folder", "syncissues"),
    (17, 16, "Xung đột", _NOTE, "Folder", "conflicts"),
    (18, 16, "Lỗi Cục bộ", _NOTE, "Folder", "localfailures"),
    (19, 16, "Lỗi Máy chủ", _NOTE, "Folder", "serverfailures"),
    (27, MESSAGE_ROOT, "Conversation Action Settings", "IPF.Configuration", "Folder", ""),
)
ExtraFolder = tuple[int, int, str, str, str]  # number, parent, name, class, element


def folder_tree(
    items: Mapping[int, Iterable[Item]], extra: Iterable[ExtraFolder] = ()
) -> tuple[Folder, ...]:
    """The standard folders and the owner's own, parents before children, depth first.

    Args:
        items: What lies in the folders, by folder number.
        extra: The owner's own folders; each comes right after its parent.
    """
    rows: list[tuple[int, int, str, str, str, str]] = list(_STANDARD)
    for number, parent, name, folder_class, kind in extra:
        place = next(at for at, row in enumerate(rows) if row[0] == parent) + 1
        rows.insert(place, (number, parent, name, folder_class, kind, ""))
    folders = tuple(
        Folder(number, parent, name, folder_class, kind, known, tuple(items.get(number, ())))
        for number, parent, name, folder_class, kind, known in rows
    )
    for folder in folders:
        folder.changed_at = max(folder.changed_at, CONTENT_KNOWN_FROM)
    return folders
