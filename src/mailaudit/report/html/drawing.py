"""Drawings: a Vega-Lite specification becomes an SVG element for a page.

Colors are variables of the page's style sheet, so that one drawing serves light, dark and paper.
"""

from lxml import etree

from mailaudit.report.vega import PLAIN_LABELS, Spec, svg_of

SVG = "{http://www.w3.org/2000/svg}"
_CONFIG: Spec = {
    "background": None,
    "font": "sans-serif",
    "padding": 0,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)",
        "labelFontSize": 11,
        **PLAIN_LABELS,
        "domainColor": "var(--strong-line)",
        "tickColor": "var(--strong-line)",
        "gridColor": "var(--line)",
    },
    "text": {"color": "var(--ink)", "fontSize": 12, "limit": 0},
}
_DROPPED = ("aria-roledescription", "pointer-events", "font-family", "stroke-miterlimit")


def drawn(spec: Spec) -> etree._Element:
    """The specification's SVG, with nothing in it that only a script would need."""
    root = etree.fromstring(svg_of(spec, _CONFIG).encode(), etree.XMLParser(resolve_entities=False))
    for element in list(root.iter(f"{SVG}path")):
        if element.get("class") in ("background", "foreground") and (
            element.get("display") == "none" or element.get("stroke") is None
        ):
            _remove(element)
    for element in root.iter():
        for name in (*_DROPPED, "role"):
            element.attrib.pop(name, "")
        if element.get("aria-hidden") == "true":
            del element.attrib["aria-hidden"]
        if element.get("opacity") == "1":
            del element.attrib["opacity"]
    return root


def svg_text(root: etree._Element, *, kind: str, label: str) -> str:
    """The drawing as an element of a page, of the class `kind`, read out as `label`.

    What a mark is about (its `aria-label`) becomes its title, shown under the pointer.
    """
    for element in list(root.iter()):
        about = element.attrib.pop("aria-label", "")
        if about and str(element.tag) == f"{SVG}path" and _is_mark(element):
            etree.SubElement(element, f"{SVG}title").text = str(about)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, "")
    root.set("class", kind)
    root.set("role", "img")
    root.set("aria-label", label)
    text = etree.tostring(root, encoding="unicode")
    return text.replace(' xmlns="http://www.w3.org/2000/svg"', "").replace(
        ' xmlns:xlink="http://www.w3.org/1999/xlink"', ""
    )


def marks_by_label(root: etree._Element) -> dict[str, str]:
    """The path of each mark that has a description, by that description."""
    return {
        str(label): str(path.get("d"))
        for path in root.iter(f"{SVG}path")
        if (label := path.get("aria-label")) is not None and path.get("d")
    }


def _is_mark(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and "role-mark" in str(parent.get("class"))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
