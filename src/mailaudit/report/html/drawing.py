"""Drawings: a Vega-Lite specification becomes an SVG element for a page.

The layout is laid down in the specification (autosize "none", fixed padding), so that no font of
the machine is measured and the bytes are the same everywhere; colors are variables of the page's
style sheet, so that one drawing serves light, dark and paper.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import vl_convert
from lxml import etree

from mailaudit.report.child_process import draw_in_child

Spec = Mapping[str, Any]

SVG = "{http://www.w3.org/2000/svg}"
SCHEMA_VERSION = "5.20"
_CONFIG: Spec = {
    "background": None,
    "font": "sans-serif",
    "padding": 0,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)",
        "labelFontSize": 11,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "domainColor": "var(--strong-line)",
        "tickColor": "var(--strong-line)",
        "gridColor": "var(--line)",
        "title": None,
    },
    "text": {"color": "var(--ink)", "fontSize": 12, "limit": 0},
}
_DROPPED = ("aria-roledescription", "pointer-events", "font-family", "stroke-miterlimit")


def drawn(spec: Spec) -> etree._Element:
    """The specification's SVG, with nothing in it that only a script would need."""
    source = _svg(json.dumps({"autosize": "none", "config": _CONFIG, **spec}))
    root = etree.fromstring(source.encode(), etree.XMLParser(resolve_entities=False))
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


@lru_cache(maxsize=16)  # pages of one report, and its editions for other audiences, share drawings
def _svg(spec: str) -> str:
    return draw_in_child(_svg_of, spec)


def _svg_of(spec: str) -> str:
    """The SVG of a Vega-Lite specification in JSON."""
    return str(vl_convert.vegalite_to_svg(spec, vl_version=SCHEMA_VERSION))


def svg_text(root: etree._Element, *, kind: str, label: str) -> str:
    """The drawing as an element of a page, of the class `kind`, told to a screen reader as `label`.

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
