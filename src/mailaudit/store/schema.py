"""Bringing a database to the newest schema, and recognising one that is not ours or is newer."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from mailaudit.errors import N_, StoreError

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "mailaudit_version"
NEWEST = "0014"  # the last revision in migrations/versions


def revision_of(connection: Connection, file: Path) -> str | None:
    """The schema revision of a database; None for an empty one.

    Raises:
        StoreError: It is another program's database.
    """
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
        return None if found is None else str(found)
    if tables:
        raise StoreError(
            N_("{file} is a database of another program."),
            N_("Correct store.file in the configuration."),
            file=file,
        )
    return None


def migrate(connection: Connection, file: Path) -> None:
    """Brings the database to NEWEST, in the transaction of `connection`.

    Raises:
        StoreError: A newer mailaudit wrote it, or it is another program's.
    """
    revision = revision_of(connection, file)
    if revision == NEWEST:
        return
    # Alembic takes a while to load, and is needed once in a store's life or a release's.
    from alembic import command

    config = _migrations()
    if revision is not None:
        require_known(revision, file)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_known(revision: str, file: Path) -> None:
    """Raises StoreError for a revision of a newer mailaudit."""
    if revision == NEWEST:
        return
    from alembic.script import ScriptDirectory

    known = {step.revision for step in ScriptDirectory.from_config(_migrations()).walk_revisions()}
    if revision not in known:
        raise StoreError(
            N_("The store {file} was written by a newer mailaudit (schema {revision})."),
            N_("Update mailaudit; nothing was changed."),
            file=file,
            revision=revision,
        )


def _migrations() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "mailaudit.store:migrations")
    return config
