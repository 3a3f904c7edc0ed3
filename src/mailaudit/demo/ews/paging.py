"""Paging of find operations, and the cap a server puts on what one call may return."""

from dataclasses import dataclass

from mailaudit.demo.ews.schema import Element, ResponseError, attribute, integer


@dataclass(frozen=True, slots=True)
class Limit:
    """What one FindItem call may return; the default is Exchange's EWSFindCountLimit.

    Attributes:
        items: At most so many items a call.
        over_all_folders: Whether the call's folders share it, so that later ones may be cut to
            nothing, or each has it to itself.
    """

    items: int = 1000
    over_all_folders: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """An indexed view: which part of the rows found is wanted.

    Attributes:
        count: At most so many rows; None for no limit of the client's.
        from_end: Whether `offset` counts backwards from the last row.
    """

    count: int | None
    offset: int
    from_end: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows [start, stop) of `total`, and the attributes that say so."""

    start: int
    stop: int
    total: int
    attributes: str


class Allowance:
    """How many rows one call may still return, counted over all its folders.

    A call without a view may not exceed it at all; a call with a view gets what is left, which
    for later folders may be nothing.
    """

    def __init__(self, limit: int) -> None:
        self.left = limit

    def cut(self, view: View | None, total: int) -> Page:
        """The page of `total` rows that a view asks for and the allowance leaves.

        Raises:
            ResponseError: There is no view and not enough is left.
        """
        if view is None:
            if total > self.left:
                raise ResponseError(
                    "ErrorExceededFindCountLimit",
                    "You have exceeded the maximum number of objects that can be returned for the"
                    " find operation. Use paging to reduce the result size and try your request"
                    " again.",
                )
            self.left -= total
            return Page(
                0, total, total, f'TotalItemsInView="{total}" IncludesLastItemInRange="true"'
            )
        wanted = total if view.count is None else view.count
        count = max(0, min(wanted, self.left, total - view.offset))
        self.left -= count
        reached = view.offset + count
        start = max(0, total - reached) if view.from_end else view.offset
        last = "true" if reached >= total else "false"
        return Page(
            start,
            start + count,
            total,
            f'IndexedPagingOffset="{min(reached, total)}" TotalItemsInView="{total}"'
            f' IncludesLastItemInRange="{last}"',
        )


def read_view(element: Element | None) -> View | None:
    """The view of an IndexedPageItemView or IndexedPageFolderView.

    Raises:
        Fault: It is not as the schema says.
        ResponseError: Its numbers make no sense.
    """
    if element is None:
        return None
    from_end = attribute(element, "BasePoint", ("Beginning", "End")) == "End"
    offset = integer(element, "Offset")
    count = integer(element, "MaxEntriesReturned", -1)
    if element.get("MaxEntriesReturned") is not None and count < 1:
        raise ResponseError(
            "ErrorInvalidPagingMaxRows", "The MaxRows property must be greater than zero."
        )
    if offset < 0:
        raise ResponseError(
            "ErrorInvalidIndexedPagingParameters", "The Offset property must not be negative."
        )
    return View(count if count > 0 else None, offset, from_end)
