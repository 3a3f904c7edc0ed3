"""Reading a TOML file: decimals exact, and of what is wrong the line, never the value."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from mailaudit.errors import N_, ConfigurationError, cause, toml_cause


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content, decimals kept exact.

    Raises:
        ConfigurationError: It can't be read, or is not TOML.
    """
    text = ""
    try:
        # Windows' editors put a byte order mark before the first line.
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise ConfigurationError(
            N_("The configuration {file} can't be read: {why}."),
            N_("Name the right file with --config, or make one with: mailaudit init"),
            file=path,
            why=cause(error),
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            N_("The configuration {file} is not UTF-8 text."),
            N_("Save it as UTF-8 in a text editor."),
            file=path,
        ) from None
    except (ValueError, RecursionError) as error:  # also of a number or a nesting without end
        line, why = toml_cause(error, text)
        raise ConfigurationError(
            N_("The configuration {file} is not valid TOML at line {line}: {why}."),
            N_("Texts stand in quotation marks; DOMAIN\\svc in single ones: 'DOMAIN\\svc'."),
            file=path,
            line=line,
            why=why,
        ) from None
