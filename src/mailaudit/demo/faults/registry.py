"""Every kind of fault there is, by name: importing the modules that hold them registers them."""

from mailaudit.demo.faults import answers, connections, errors, folders, sending  # noqa: F401
from mailaudit.demo.faults.kinds import KINDS

ANSWERING = frozenset(name for name, kind in KINDS.items() if kind.answering)
UPSETTING = frozenset(name for name, kind in KINDS.items() if kind.upsetting)

__all__ = ["ANSWERING", "KINDS", "UPSETTING"]
