"""Table: what all tables of the configuration file have in common, and tables made of others."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model


class Table(BaseModel):
    """A table of the configuration file: frozen, without unknown keys, without conversions."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        revalidate_instances="never",
    )


def keys(described: Mapping[str, tuple[object, object]]) -> Any:  # noqa: ANN401 - a base class
    """A Table of keys that another room describes.

    Args:
        described: The type and the default of each key, by its name in the file.
    """
    # One `Any`, because mypy does not know the fields that pydantic makes.
    fields: dict[str, Any] = dict(described)
    return create_model("Keys", __base__=Table, **fields)
