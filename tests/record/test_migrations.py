"""What migrations make is what the code expects, on both stores."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from quarterdeck.app import wiring
from quarterdeck.record import open_store, schema
from quarterdeck.record.migrate import HEAD, current, durable, upgrade
from quarterdeck.record.tables import read
from tests.house.postgres import Server


def test_migrations_end_where_the_code_says() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_on_sqlite_migrating_gives_the_tables_that_the_code_declares(tmp_path: Path) -> None:
    _equal(f"sqlite:///{tmp_path}/migrated.db")


def test_on_postgresql_migrating_gives_the_tables_that_the_code_declares(postgres_server: Server) -> None:
    url = postgres_server.create_database()
    _equal(url)
    postgres_server.drop_database(url)


def _equal(url: str) -> None:
    wiring.house()
    engine = create_engine(url)
    with engine.begin() as conn:
        upgrade(conn)
        assert current(conn) == HEAD
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, durable()) == []
    engine.dispose()


def test_preparing_makes_read_tables_and_rebuilds_them_when_their_shape_has_changed(tmp_path: Path) -> None:
    record = wiring.house().record(open_store(f"sqlite:///{tmp_path}/q.db"))
    schema.prepare(record)
    with record.store.writing() as conn:
        conn.execute(text("UPDATE shape SET fingerprint = 'of an older version'"))
        conn.execute(text("DROP TABLE incident"))
    assert not schema.is_current(record)
    schema.prepare(record)
    assert schema.is_current(record)
    with record.read() as conn:
        assert {table.name for table in read.sorted_tables} <= set(inspect(conn).get_table_names())
    record.close()
