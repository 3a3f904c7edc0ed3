"""docs/architecture.md leads to files that are there."""

import re
from pathlib import Path

import mailaudit

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.\w+)`")  # a file with its folder


def test_every_file_of_the_map_exists() -> None:
    """Whoever moves a file finds the places that name it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(NAMED.findall(text))
    assert len(named) > 90
    there = [path.as_posix() for path in Path(mailaudit.__file__).parent.rglob("*.*")]
    there += [path.as_posix() for path in ROOT.glob("[cdt]*/**/*.*")]  # config, docs, tests
    assert {name for name in named if not any(path.endswith(f"/{name}") for path in there)} == set()
