"""Where material beside the project is, and the type of its schema check."""

from collections.abc import Callable
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared"

Violations = Callable[[bytes], list[str]]  # a SOAP envelope -> how it breaks the schema
