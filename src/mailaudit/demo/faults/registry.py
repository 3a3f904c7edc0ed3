"""Every kind of fault there is, by name: importing the modules that hold them registers them."""

from mailaudit.demo.faults import answers, connections, errors, folders, sending
from mailaudit.demo.faults.kinds import KINDS

MODULES = (answers, connections, errors, folders, sending)

ANSWERING = frozenset(name for name, kind in KINDS.items() if kind.answering)
UPSETTING = frozenset(name for name, kind in KINDS.items() if kind.upsetting)

__all__ = ["ANSWERING", "KINDS", "MODULES", "UPSETTING"]
