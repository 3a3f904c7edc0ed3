"""Exchange: a request's bytes in, an answer's bytes and HTTP status out. No network here."""

from dataclasses import dataclass

from mailaudit.demo.ews.envelope import Request, fault_answer, read_request
from mailaudit.demo.ews.folders import find_folder, get_folder
from mailaudit.demo.ews.items import find_item
from mailaudit.demo.ews.paging import Limit
from mailaudit.demo.ews.people import (
    get_inbox_rules,
    get_oof_settings,
    get_time_zones,
    resolve_names,
)
from mailaudit.demo.ews.schema import Fault
from mailaudit.demo.ews.sending import Taken, create_item
from mailaudit.demo.ews.stores import Caller, Stores


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, and what the log says about it.

    Attributes:
        mailbox: The account acted as, as the request names it, or empty.
    """

    status: int
    body: bytes
    operation: str = ""
    mailbox: str = ""


class Exchange:
    """Answers requests about the mailboxes of `stores`.

    Args:
        limit: What one FindItem may return.
        well_known_names: Whether folders have their DistinguishedFolderId, as Exchange 2013 and
            later do.
        take: Called with each mail that is sent; without it none is.
    """

    def __init__(
        self,
        stores: Stores,
        *,
        limit: Limit | None = None,
        well_known_names: bool = True,
        take: Taken | None = None,
    ) -> None:
        self._stores = stores
        self._limit = limit or Limit()
        self._well_known_names = well_known_names
        self._take = take

    def answer(self, body: bytes, caller: Caller) -> Answer:
        """The answer to a request of someone who is logged in."""
        operation = mailbox = ""
        try:
            request = read_request(body)
            operation = request.operation
            mailbox = request.impersonated[1] if request.impersonated else ""
            if operation == "CreateItem" and self._take is not None:
                return Answer(200, create_item(request, caller, self._take), operation, mailbox)
            acted_as = self._stores.acted_as(request, caller)
            return Answer(200, self._perform(request, acted_as), operation, mailbox)
        except Fault as fault:
            return Answer(500, fault_answer(fault), operation, mailbox)

    def _perform(self, request: Request, acted_as: str | None) -> bytes:
        """Calls the operation. Raises Fault."""
        stores, known = self._stores, self._well_known_names
        match request.operation:
            case "FindItem":
                return find_item(request, stores, acted_as, self._limit)
            case "FindFolder":
                return find_folder(request, stores, acted_as, well_known_names=known)
            case "GetFolder":
                return get_folder(request, stores, acted_as, well_known_names=known)
            case "ResolveNames":
                return resolve_names(request, stores)
            case "GetInboxRules":
                return get_inbox_rules(request, stores, acted_as)
            case "GetUserOofSettingsRequest":
                return get_oof_settings(request, stores, acted_as)
            case "GetServerTimeZones":
                return get_time_zones(request)
            case _:
                raise Fault("ErrorInvalidRequest", "The request is invalid.")
