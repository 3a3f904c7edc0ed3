"""A page: its tables, texts, and the words for those who can't see its drawings."""

from lxml import etree, html
from reading import ReadFile, Table, Value, group_of, line_of, printed, sorted_by


def read_page(content: bytes) -> ReadFile:
    """A page, with the numbers its tables are sorted by and the words for those who can't see."""
    root = html.document_fromstring(content)
    title = _text(next(iter(root.findall(".//h1")), None))
    tables = []
    for block in root.findall(".//table"):
        above = block.getparent()
        heading = block.find("caption")
        if heading is None and above is not None:
            heading = above.find("h3")
        tables.append(_page_table(_text(heading), block))
        _without(block)
    for left_out in list(root.iter("style", "script", "head")):
        if left_out.getparent() is not None:
            _without(left_out)
    bars = [bar for bar in root.iter("span") if bar.get("class") == "uses"]
    texts = [str(bar.get("aria-label")) for bar in bars]
    for bar in bars:
        _without(bar)
    texts += [str(drawing.get("aria-label")) for drawing in root.iter("svg")]
    for drawing in list(root.iter("svg")):
        _without(drawing)
    texts += [
        _text(block) for block in root.iter("p", "li", "h1", "h2", "h3", "figcaption", "label")
    ]
    for entry in root.iter("div"):
        if entry.find("dt") is not None:
            texts.append(" | ".join(_text(part) for part in entry))
    return ReadFile(tuple(tables), tuple(texts), (title,))


def _page_table(caption: str, block: html.HtmlElement) -> Table:
    labels = [_text(cell) for cell in block.findall(".//thead/tr/th")]
    lines, group = [], ""
    for row in block.findall(".//tbody/tr"):
        cells = list(row)
        if len(cells) == 1:
            group = group_of(_text(cells[0]))
            continue
        found: dict[str, Value] = {}
        for label, cell in zip(labels, cells, strict=True):
            for moved in cell.find_class("moved"):
                words = _text(moved)
                amount = "".join(filter(str.isdigit, words.split()[0]))
                found["Tăng/giảm hạng"] = printed(("−" if "▼" in words else "") + amount)
                moved.drop_tree()
            for bar in cell.find_class("uses"):
                for part in str(bar.get("aria-label")).split("; "):
                    name, _, people = part.rpartition(": ")
                    found[name] = printed(people)
                bar.drop_tree()
            drawings = [str(drawing.get("aria-label")) for drawing in cell.iter("svg")]
            text = drawings[0] if drawings else _text(cell)
            found[label] = sorted_by(text, cell.get("data-v"))
        lines.append(line_of(found, group))
    return Table(caption, tuple(lines))


def _without(element: etree._Element) -> None:
    """Takes an element out of its page; the text after it stays."""
    if isinstance(element, html.HtmlElement):
        element.drop_tree()


def _text(element: html.HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())
