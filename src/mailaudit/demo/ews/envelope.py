"""SOAP around EWS: requests read safely, answers and faults written as Exchange writes them."""

import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from mailaudit.demo.ews.schema import (
    ERRORS,
    MESSAGES,
    SOAP,
    TYPES,
    Element,
    Fault,
    ResponseError,
    attribute,
    in_order,
    local,
    t,
    text_of,
    violation,
)

VERSIONS = (
    "Exchange2007",
    "Exchange2007_SP1",
    "Exchange2009",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2012",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2015",
    "Exchange2016",
)
_DATED_VERSION = re.compile(r"V20\d\d_\d\d_\d\d")
_SIDS = ("PrincipalName", "SID", "PrimarySmtpAddress", "SmtpAddress")

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f'<s:Envelope xmlns:s="{SOAP}"><s:Header>'
    '<h:ServerVersionInfo MajorVersion="15" MinorVersion="1" MajorBuildNumber="2507"'
    ' MinorBuildNumber="39" Version="V2017_07_11"'
    f' xmlns:h="{TYPES}"/></s:Header><s:Body>'
)
_TAIL = "</s:Body></s:Envelope>"


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the operation's element and what the SOAP header says.

    Attributes:
        version: As asked for in the header; Exchange2007 when not given.
        impersonated: Kind and value of the account to act as ("SID", "S-1-5-…"), or None.
    """

    operation: str
    element: Element
    version: str
    impersonated: tuple[str, str] | None

    def at_least(self, version: str) -> bool:
        """Whether the client speaks `version` or a later one."""
        if self.version not in VERSIONS:
            return True
        return VERSIONS.index(self.version) >= VERSIONS.index(version)


def read_request(body: bytes) -> Request:
    """Reads a request. Raises Fault.

    Entities are never resolved, and a document type is refused, so that a small request can't
    grow in memory or reach for files.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise violation(None, error.msg or "not XML", line=error.lineno or 0) from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise violation(root, "For security reasons DTD is prohibited in this XML document.")
    if root.tag != f"{{{SOAP}}}Envelope":
        raise violation(root, f"The element '{local(root)}' is not a SOAP envelope.")
    header, content = f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"
    parts = in_order(root, header, content, required=[content])
    operations = list(parts["Body"])
    if len(operations) != 1 or not str(operations[0].tag).startswith(f"{{{MESSAGES}}}"):
        raise violation(parts["Body"], "The body must hold one operation.")
    version, impersonated = _read_header(parts.get("Header"))
    return Request(local(operations[0]), operations[0], version, impersonated)


def _read_header(header: Element | None) -> tuple[str, tuple[str, str] | None]:
    """The version asked for, and the account to act as."""
    version = VERSIONS[0]
    impersonated = None
    for entry in header if header is not None else ():
        if entry.tag == t("RequestServerVersion"):
            version = attribute(entry, "Version")
            if version not in VERSIONS and not _DATED_VERSION.fullmatch(version):
                raise Fault("ErrorInvalidServerVersion", "The specified server version is invalid.")
        elif entry.tag == t("ExchangeImpersonation"):
            sid = in_order(entry, t("ConnectingSID"), required=[t("ConnectingSID")])
            choices = list(sid["ConnectingSID"])
            if len(choices) != 1 or local(choices[0]) not in _SIDS:
                raise violation(sid["ConnectingSID"], "The element 'ConnectingSID' is invalid.")
            impersonated = local(choices[0]), text_of(choices[0])
    return version, impersonated


def answer(operation: str, messages: str) -> bytes:
    """An answer of an operation whose response messages stand in ResponseMessages."""
    name = f"m:{operation}Response"
    return response(
        f'<{name} xmlns:m="{MESSAGES}" xmlns:t="{TYPES}">'
        f"<m:ResponseMessages>{messages}</m:ResponseMessages></{name}>"
    )


def response(content: str) -> bytes:
    """An answer: the element that stands in the body, in its envelope."""
    return f"{_HEAD}{content}{_TAIL}".encode()


def success(operation: str, content: str) -> str:
    """A response message that is a success."""
    name = f"m:{operation}ResponseMessage"
    return (
        f'<{name} ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        f"{content}</{name}>"
    )


def failure(operation: str, error: ResponseError) -> str:
    """A response message that is an error."""
    name = f"m:{operation}ResponseMessage"
    return f'<{name} ResponseClass="Error">{error_content(error)}</{name}>'


def error_content(error: ResponseError) -> str:
    """What stands in every response message that is an error."""
    return (
        f"<m:MessageText>{escape(error.text)}</m:MessageText>"
        f"<m:ResponseCode>{error.code}</m:ResponseCode>"
        "<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
    )


def fault_answer(fault: Fault) -> bytes:
    """The SOAP fault that goes with HTTP 500; like Exchange's, without a header."""
    where = ""
    if fault.violation:
        where = (
            f'<t:MessageXml xmlns:t="{TYPES}"><t:LineNumber>{fault.line}</t:LineNumber>'
            "<t:LinePosition>0</t:LinePosition>"
            f"<t:Violation>{escape(fault.violation)}</t:Violation></t:MessageXml>"
        )
    text = escape(fault.text)
    brief = text if not fault.violation else "The request failed schema validation."
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault>'
        f'<faultcode xmlns:a="{TYPES}">a:{fault.code}</faultcode>'
        f'<faultstring xml:lang="en-US">{text}</faultstring><detail>'
        f'<e:ResponseCode xmlns:e="{ERRORS}">{fault.code}</e:ResponseCode>'
        f'<e:Message xmlns:e="{ERRORS}">{brief}</e:Message>{where}'
        "</detail></s:Fault></s:Body></s:Envelope>"
    ).encode()
