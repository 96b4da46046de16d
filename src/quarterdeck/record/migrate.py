"""Migrations of what cannot be rebuilt: the journal and what rooms keep. Read tables need none."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, text

from quarterdeck.record import tables

HEAD = "0001"
"""The newest revision; a test holds it against the versions folder."""


@cache
def durable() -> MetaData:
    """The journal and every kept table in one MetaData, as Alembic compares and creates them."""
    joined = MetaData()
    for family in (tables.journal, tables.kept):
        for table in family.sorted_tables:
            table.to_metadata(joined)
    return joined


def current(conn: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(conn: Connection, to: str = "head") -> None:
    """Apply what is missing, inside the caller's transaction."""
    if to == "head" and current(conn) == HEAD:
        return
    from alembic import command  # slow to import, and rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(str(files("quarterdeck"))) / "record" / "migrations"))
    config.attributes["connection"] = conn
    command.upgrade(config, to)
