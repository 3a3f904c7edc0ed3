"""The namespaces of EWS, and strict reading of request elements.

Exchange checks every request against its schema before looking at it; a request with an element
in the wrong place gets a fault and nothing else. Only what this server understands is known here.
"""

from collections.abc import Iterable
from typing import Any

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"

Element = etree._Element


class Fault(Exception):
    """The request as a whole is refused: HTTP 500 with a SOAP fault.

    Args:
        code: Name in ResponseCodeType of the schema.
        line: Where in the request, for a violation of the schema.
    """

    def __init__(self, code: str, text: str, *, line: int = 0, violation: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.line = line
        self.violation = violation


class ResponseError(Exception):
    """One response message of an answer is an error; its neighbours may be successes."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def violation(element: Element | None, text: str, *, line: int = 0) -> Fault:
    """The fault Exchange gives for a request that is not as its schema says."""
    if element is not None:
        sourceline: Any = element.sourceline  # the stubs know it as an ellipsis
        line = sourceline or 0
    message = f"The request failed schema validation: {text}"
    return Fault("ErrorSchemaValidation", message, line=line, violation=text)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def m(name: str) -> str:
    return f"{{{MESSAGES}}}{name}"


def t(name: str) -> str:
    return f"{{{TYPES}}}{name}"


def in_order(element: Element, *names: str, required: Iterable[str] = ()) -> dict[str, Element]:
    """The children of an element by name, which must come in the order of `names`, each once.

    Args:
        names: Qualified names in the order of the schema.
        required: Those of `names` that must be there.

    Raises:
        Fault: A child is unknown, repeated, missing or out of order.
    """
    found: dict[str, Element] = {}
    place = -1
    for child in element:
        tag = str(child.tag)
        if tag not in names or names.index(tag) <= place:
            raise violation(
                child,
                f"The element '{local(element)}' has invalid child element '{local(child)}'.",
            )
        place = names.index(tag)
        found[local(child)] = child
    for name in required:
        if local_name(name) not in found:
            raise violation(
                element,
                f"The element '{local(element)}' has incomplete content."
                f" List of possible elements expected: '{local_name(name)}'.",
            )
    return found


def local_name(qualified: str) -> str:
    return qualified.rpartition("}")[2]


def attribute(element: Element, name: str, allowed: Iterable[str] | None = None) -> str:
    """A required attribute, one of `allowed` where given. Raises Fault."""
    value = element.get(name)
    if value is None:
        raise violation(element, f"The required attribute '{name}' is missing.")
    if allowed is not None and value not in allowed:
        raise violation(
            element, f"The '{name}' attribute is invalid - The value '{value}' is invalid."
        )
    return value


def integer(element: Element, name: str, default: int | None = None) -> int:
    """An integer attribute. Raises Fault when it is missing without a default, or no integer."""
    text = element.get(name)
    if text is None and default is not None:
        return default
    text = attribute(element, name)
    try:
        return int(text)
    except ValueError:
        raise violation(
            element, f"The '{name}' attribute is invalid - The value '{text}' is invalid."
        ) from None


def text_of(element: Element) -> str:
    """The text of an element, which must not be empty. Raises Fault."""
    text = (element.text or "").strip()
    if not text or len(element):
        raise violation(element, f"The '{local(element)}' element is invalid.")
    return text
