"""What a server says it is: the ServerVersionInfo in the header of its answers."""

from lxml import etree

from mailaudit.sources.ews.answers import parsed

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
_NUMBERS = ("MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber")
_MOST_DIGITS = 6
_FIRST_SE_BUILD = 2562  # of 15.2: below it is 2019, from here on the Subscription Edition
_PRODUCTS = {
    (8, 0): "Exchange Server 2007",
    (8, 1): "Exchange Server 2007 SP1",
    (8, 2): "Exchange Server 2007 SP2",
    (8, 3): "Exchange Server 2007 SP3",
    (14, 0): "Exchange Server 2010",
    (14, 1): "Exchange Server 2010 SP1",
    (14, 2): "Exchange Server 2010 SP2",
    (14, 3): "Exchange Server 2010 SP3",
    (15, 0): "Exchange Server 2013",
    (15, 1): "Exchange Server 2016",
    (15, 2): "Exchange Server 2019",
    (15, 20): "Exchange Online",
}


def read_server_version(content: bytes) -> str:
    """The product and build a SOAP answer names, "Exchange Server 2016 (15.1.2507.39)".

    Only the numbers, where no product is known to have them; empty where the answer has none.
    """
    try:
        root = parsed(content)
    except etree.XMLSyntaxError:
        return ""
    info = root.find(f"{_SOAP}Header/{_T}ServerVersionInfo")
    if info is None:
        return ""
    texts = [info.get(name, "") for name in _NUMBERS]
    if not all(text.isdecimal() and len(text) <= _MOST_DIGITS for text in texts[:2]):
        return ""
    numbers = [int(t) for t in texts if t.isdecimal() and len(t) <= _MOST_DIGITS]
    build = ".".join(map(str, numbers))
    product = _product(numbers)
    return f"{product} ({build})" if product else build


def _product(numbers: list[int]) -> str:
    major, minor, *build = numbers
    if (major, minor) == (15, 2) and build and build[0] >= _FIRST_SE_BUILD:
        return "Exchange Server Subscription Edition"
    return _PRODUCTS.get((major, minor), "")
