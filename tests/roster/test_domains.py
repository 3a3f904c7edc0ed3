"""A mailbox under its old and its new domain is one mailbox."""

from mailaudit.model.lineage import Lineage
from mailaudit.model.roster import Staff
from mailaudit.roster import same_mailboxes

MOVED = Lineage(mail_domains={"cu.vn": "giua.vn", "giua.vn": "moi.vn"})


def test_mailbox_under_two_domains_is_reported_at_the_old_one() -> None:
    """Counting both would count one person twice; the domain may have moved twice."""
    staff = [
        Staff("1", "A", "an@cu.vn", row="l:2"),
        Staff("2", "A", "binh@cu.vn", row="l:3"),
        Staff("3", "B", "an@moi.vn", row="l:4"),
        Staff("4", "B", None, row="l:5"),
    ]
    (fault,) = same_mailboxes(staff, MOVED)
    assert (fault.row, dict(fault.values)) == (
        "l:2",
        {"old": "an@cu.vn", "new": "an@moi.vn", "first": "l:4"},
    )
    assert same_mailboxes(staff, Lineage()) == ()


def test_newest_address_ends_where_domains_go_in_a_circle() -> None:
    """A mistake of the configuration is no endless search."""
    circle = Lineage(mail_domains={"a.vn": "b.vn", "b.vn": "a.vn"})
    assert circle.newest_address("x@a.vn") == "x@b.vn"
