"""Alembic's entry: migrate the tables that cannot be rebuilt, on the connection that the record hands over."""

from alembic import context

from quarterdeck.record.migrate import durable

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=durable(), compare_type=True)
context.run_migrations()
