"""Fault files: TOML with a `seed` and any number of `[[fault]]` tables.

    seed = 7

    [[fault]]
    kind = "ErrorServerBusy"
    share = 0.05          # of the mailboxes, or: mailboxes = ["a@tinh.test"]
    first = 2             # of a mailbox's requests; or every = 3, or neither: all of them
    back_off_ms = 3000    # a parameter of this kind

Further: `operation` ("FindItem"), `at_most`, and instead of mailboxes the number of a request of
the server, `at_request` or `from_request`.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from mailaudit.demo.faults.registry import KINDS
from mailaudit.demo.faults.rule import Parameters, Plan, Rule, Value
from mailaudit.errors import N_, ConfigurationError, cause, toml_cause

_COUNTS = ("first", "every", "at_request", "from_request", "at_most")
_REMEDY = N_("Correct the fault file.")


class FaultFileError(ConfigurationError):
    """A fault file is missing or not as described."""


def read_plan(path: Path) -> Plan:
    """The plan a fault file describes.

    Raises:
        FaultFileError: It is missing, no TOML, or says what no fault understands.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise FaultFileError(
            N_("{file} can't be read: {cause}."), _REMEDY, file=path, cause=cause(error)
        ) from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML
        line, why = toml_cause(error, text)
        raise FaultFileError(
            N_("{file} is not valid TOML at line {line}: {why}."),
            _REMEDY,
            file=path,
            line=line,
            why=why,
        ) from None
    faults = document.pop("fault", [])
    seed = document.pop("seed", 0)
    if document or not isinstance(faults, list) or not isinstance(seed, int):
        raise FaultFileError(
            N_("{file}: a fault file has `seed`, a number, and [[fault]] tables only."),
            _REMEDY,
            file=path,
        )
    return Plan([_rule(path, at, dict(table)) for at, table in enumerate(faults, 1)], seed)


def _rule(path: Path, at: int, table: dict[str, object]) -> Rule:
    """One table as a Rule. Raises FaultFileError."""
    name = table.pop("kind", None)
    if not isinstance(name, str) or name not in KINDS:
        raise _wrong(path, at, "kind", name)
    mailboxes = table.pop("mailboxes", [])
    if not isinstance(mailboxes, list) or not all(isinstance(m, str) for m in mailboxes):
        raise _wrong(path, at, "mailboxes", mailboxes)
    share = table.pop("share", 1.0)
    if not isinstance(share, int | float) or not 0 <= share <= 1:
        raise _wrong(path, at, "share", share)
    operation = table.pop("operation", "")
    if not isinstance(operation, str):
        raise _wrong(path, at, "operation", operation)
    counts = {key: _count(path, at, key, table.pop(key)) for key in _COUNTS if key in table}
    parameters = _parameters(path, at, KINDS[name].defaults, table)
    return Rule(
        name,
        parameters,
        float(share),
        frozenset(mailbox.lower() for mailbox in mailboxes),
        operation,
        **counts,
    )


def _count(path: Path, at: int, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(path, at, key, value)
    return value


def _parameters(
    path: Path, at: int, defaults: Mapping[str, Value], given: Mapping[str, object]
) -> Parameters:
    """The parameters given over their defaults, of whose types they must be."""
    values = dict(defaults)
    for key, value in given.items():
        known = defaults.get(key)
        if type(value) is type(known) and isinstance(value, Value):
            values[key] = value
        elif isinstance(known, float) and type(value) is int:
            values[key] = float(value)
        else:
            raise _wrong(path, at, key, value)
    return Parameters(values)


def _wrong(path: Path, at: int, key: str, value: object) -> FaultFileError:
    return FaultFileError(
        N_("{file}, fault {number}: {key} = {value!r} is not understood."),
        _REMEDY,
        file=path,
        number=at,
        key=key,
        value=value,
    )
