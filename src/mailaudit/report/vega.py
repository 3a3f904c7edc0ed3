"""Charts with Vega-Lite: a specification becomes SVG, in the process kept for drawing.

The layout is laid down in each specification (autosize "none", fixed padding), so that no font of
the machine is measured and the bytes are the same everywhere.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import vl_convert

from mailaudit.report.child_process import draw_in_child

SCHEMA_VERSION = "5.20"

Spec = Mapping[str, Any]

# Labels of an axis as they are, none left out or moved for want of room.
PLAIN_LABELS: Spec = {
    "labelLimit": 0,
    "labelOverlap": False,
    "labelBound": False,
    "labelFlush": False,
    "title": None,
}


def svg_of(spec: Spec, config: Spec) -> str:
    """The SVG of a specification."""
    return _drawn(json.dumps({"autosize": "none", "config": config, **spec}))


@lru_cache(maxsize=16)  # pages of one report, and its editions for other audiences, share drawings
def _drawn(spec: str) -> str:
    return draw_in_child(_svg_of, spec)


def _svg_of(spec: str) -> str:
    return str(vl_convert.vegalite_to_svg(spec, vl_version=SCHEMA_VERSION))


def months_axis(axis: Sequence[str], most_labels: int) -> tuple[list[int], list[int]]:
    """The ends of a scale of months, and the months that are labelled, the last one always."""
    ends = [0, len(axis) - 1] if len(axis) > 1 else [-1, 1]  # one month stands in the middle
    every = -(-len(axis) // most_labels)
    return ends, list(range(len(axis) - 1, -1, -every))
