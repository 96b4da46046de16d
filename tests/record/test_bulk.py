"""Bulk inserts take what single ones take, on both stores, and appends without folding lose nothing."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError

from quarterdeck.record.bulk import insert_many
from quarterdeck.record.stores import Store

NASTY = [
    'plain "quoted" \\ back\\slash',
    "tab\tline\nreturn\r",
    "\\N",
    "é 日本 👩‍🚒",
    "",
    None,
    "'; DROP TABLE bulk; --",
]


@pytest.mark.parametrize("rows", [1, 49, 50, 51, 230])
def test_every_row_and_every_character_arrives(store: Store, rows: int) -> None:
    table = Table("bulk_test", MetaData(), Column("id", Integer, primary_key=True), Column("text", Text))
    wanted = [(n, NASTY[n % len(NASTY)]) for n in range(rows)]
    with store.writing() as conn:
        table.drop(conn, checkfirst=True)
        table.create(conn)
        insert_many(conn, "bulk_test", ("id", "text"), wanted)
        assert [tuple(row) for row in conn.execute(select(table).order_by(table.c.id))] == wanted
        table.drop(conn)


def test_a_row_that_exists_already_is_an_integrity_error(store: Store) -> None:
    table = Table("bulk_test", MetaData(), Column("id", Integer, primary_key=True), Column("text", Text))
    with store.writing() as conn:
        table.drop(conn, checkfirst=True)
        table.create(conn)
    with pytest.raises(IntegrityError), store.writing() as conn:
        insert_many(conn, "bulk_test", ("id", "text"), [(n % 60, "x") for n in range(61)])
    with store.writing() as conn:
        assert conn.execute(select(table)).all() == []
        table.drop(conn)
