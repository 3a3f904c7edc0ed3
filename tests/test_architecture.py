"""What the documents lead to is there."""

import re
from pathlib import Path

import pytest

import mailaudit

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
NAMED = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.\w+)`")  # a file with its folder


def test_every_file_of_the_map_exists() -> None:
    """Whoever moves a file finds the places that name it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(NAMED.findall(text))
    assert len(named) > 90
    there = [path.as_posix() for path in Path(mailaudit.__file__).parent.rglob("*.*")]
    there += [path.as_posix() for path in ROOT.glob("[cdt]*/**/*.*")]  # config, docs, tests
    assert {name for name in named if not any(path.endswith(f"/{name}") for path in there)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    """To a file, and where a heading is named to one that it has."""
    for file, heading in LINK.findall(document.read_text(encoding="utf-8")):
        target = (document.parent / file).resolve() if file else document
        assert target.exists(), file
        if heading:
            assert heading in headings(target), f"{file}#{heading}"


def headings(document: Path) -> set[str]:
    """The anchors of a document, as its readers' programs make them."""
    lines = document.read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}
