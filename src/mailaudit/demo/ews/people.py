"""ResolveNames, GetInboxRules, GetUserOofSettings and GetServerTimeZones."""

from xml.sax.saxutils import escape

from mailaudit.demo.ews.envelope import (
    Request,
    answer,
    error_content,
    failure,
    response,
    success,
)
from mailaudit.demo.ews.schema import (
    MESSAGES,
    TYPES,
    Element,
    ResponseError,
    attribute,
    in_order,
    m,
    t,
    text_of,
    violation,
)
from mailaudit.demo.ews.stores import STORE_CODES, Stores

_MOST_RESOLVED = 100  # as many as Exchange gives for an ambiguous name
_NAMESPACES = f'xmlns:m="{MESSAGES}" xmlns:t="{TYPES}"'
_TRUTHS = ("true", "false", "1", "0")
TIME_ZONES = {
    "SE Asia Standard Time": ("(UTC+07:00) Bangkok, Hanoi, Jakarta", "-PT7H"),
    "UTC": ("(UTC) Coordinated Universal Time", "PT0S"),
}


def resolve_names(request: Request, stores: Stores) -> bytes:
    """The answer to ResolveNames: people whose address or name begins so. Raises Fault."""
    parts = in_order(
        request.element,
        m("ParentFolderIds"),
        m("UnresolvedEntry"),
        required=[m("UnresolvedEntry")],
    )
    attribute(request.element, "ReturnFullContactData", _TRUTHS)
    wanted = text_of(parts["UnresolvedEntry"]).casefold().removeprefix("smtp:")
    directory = stores.directory
    found = [
        (address, directory.name_of(address))
        for address in directory.addresses
        if address.startswith(wanted) or directory.name_of(address).casefold().startswith(wanted)
    ][:_MOST_RESOLVED]
    if not found:
        error = ResponseError("ErrorNameResolutionNoResults", "No results were found.")
        return answer("ResolveNames", failure("ResolveNames", error))
    rows = "".join(_resolution(address, name) for address, name in found)
    resolved = (
        f'<m:ResolutionSet TotalItemsInView="{len(found)}" IncludesLastItemInRange="true">'
        f"{rows}</m:ResolutionSet>"
    )
    if len(found) == 1:
        return answer("ResolveNames", success("ResolveNames", resolved))
    name = "m:ResolveNamesResponseMessage"
    return answer(
        "ResolveNames",
        f'<{name} ResponseClass="Warning"><m:MessageText>Multiple results were found.'
        "</m:MessageText><m:ResponseCode>ErrorNameResolutionMultipleResults</m:ResponseCode>"
        f"<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>{resolved}</{name}>",
    )


def _resolution(address: str, name: str) -> str:
    return (
        f"<t:Resolution><t:Mailbox><t:Name>{escape(name)}</t:Name>"
        f"<t:EmailAddress>{escape(address)}</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType>"
        "<t:MailboxType>Mailbox</t:MailboxType></t:Mailbox></t:Resolution>"
    )


def get_inbox_rules(request: Request, stores: Stores, acted_as: str | None) -> bytes:
    """The answer to GetInboxRules, about one's own mailbox. Raises Fault."""
    parts = in_order(request.element, m("MailboxSmtpAddress"))
    named = parts.get("MailboxSmtpAddress")
    address = text_of(named).lower() if named is not None else acted_as
    name = "m:GetInboxRulesResponse"
    try:
        mailbox = stores.open(_own(address, acted_as))
    except ResponseError as error:
        return response(
            f'<{name} {_NAMESPACES} ResponseClass="Error">{error_content(error)}</{name}>'
        )
    rules = _redirection(mailbox.forwards_to) if mailbox.forwards_to else ""
    return response(
        f'<{name} {_NAMESPACES} ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        "<m:OutlookRuleBlobExists>false</m:OutlookRuleBlobExists>"
        f"<m:InboxRules>{rules}</m:InboxRules></{name}>"
    )


def _redirection(address: str) -> str:
    """An Inbox rule that redirects all mail to an address."""
    return (
        "<t:Rule><t:RuleId>AQAAAA==</t:RuleId><t:DisplayName>Chuyển tiếp</t:DisplayName>"
        "<t:Priority>1</t:Priority><t:IsEnabled>true</t:IsEnabled><t:Conditions/>"
        "<t:Actions><t:RedirectToRecipients><t:Address>"
        f"<t:EmailAddress>{escape(address)}</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType>"
        "</t:Address></t:RedirectToRecipients></t:Actions></t:Rule>"
    )


def get_oof_settings(request: Request, stores: Stores, acted_as: str | None) -> bytes:
    """The answer to GetUserOofSettings, about one's own mailbox. Raises Fault."""
    parts = in_order(request.element, t("Mailbox"), required=[t("Mailbox")])
    named = in_order(
        parts["Mailbox"], t("Name"), t("Address"), t("RoutingType"), required=[t("Address")]
    )
    name = "m:GetUserOofSettingsResponse"
    try:
        mailbox = stores.open(_own(text_of(named["Address"]).lower(), acted_as))
    except ResponseError as error:
        return response(
            f'<{name} {_NAMESPACES}><m:ResponseMessage ResponseClass="Error">'
            f"{error_content(error)}</m:ResponseMessage></{name}>"
        )
    state = "Enabled" if mailbox.out_of_office else "Disabled"
    return response(
        f'<{name} {_NAMESPACES}><m:ResponseMessage ResponseClass="Success">'
        "<m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>"
        f"<t:OofSettings><t:OofState>{state}</t:OofState>"
        "<t:ExternalAudience>All</t:ExternalAudience><t:InternalReply/><t:ExternalReply/>"
        f"</t:OofSettings><m:AllowExternalOof>All</m:AllowExternalOof></{name}>"
    )


def _own(address: str | None, acted_as: str | None) -> str:
    """The address when it is the one acted as. Raises ResponseError."""
    if address is None or address != acted_as:
        raise ResponseError("ErrorAccessDenied", STORE_CODES["ErrorAccessDenied"])
    return address


def get_time_zones(request: Request) -> bytes:
    """The answer to GetServerTimeZones: the zones asked for, or all it knows. Raises Fault."""
    ids = in_order(request.element, m("Ids")).get("Ids")
    full = request.element.get("ReturnFullTimeZoneData", "true") in ("true", "1")
    wanted = list(TIME_ZONES) if ids is None else _zone_ids(ids)
    zones = "".join(_zone(name, full=full) for name in wanted if name in TIME_ZONES)
    content = f"<m:TimeZoneDefinitions>{zones}</m:TimeZoneDefinitions>"
    return answer("GetServerTimeZones", success("GetServerTimeZones", content))


def _zone_ids(ids: Element) -> list[str]:
    if not len(ids) or any(child.tag != t("Id") for child in ids):
        raise violation(ids, "The element 'Ids' has invalid content.")
    return [text_of(child) for child in ids]


def _zone(zone_id: str, *, full: bool) -> str:
    """A time zone without daylight saving, as both of ours are."""
    name, bias = TIME_ZONES[zone_id]
    if not full:
        return f'<t:TimeZoneDefinition Id="{zone_id}" Name="{name}"/>'
    period = f"trule:Microsoft/Registry/{zone_id}/1-Standard"
    return (
        f'<t:TimeZoneDefinition Id="{zone_id}" Name="{name}"><t:Periods>'
        f'<t:Period Bias="{bias}" Name="Standard" Id="{period}"/></t:Periods>'
        '<t:TransitionsGroups><t:TransitionsGroup Id="0"><t:Transition>'
        f'<t:To Kind="Period">{period}</t:To></t:Transition></t:TransitionsGroup>'
        '</t:TransitionsGroups><t:Transitions><t:Transition><t:To Kind="Group">0</t:To>'
        "</t:Transition></t:Transitions></t:TimeZoneDefinition>"
    )
