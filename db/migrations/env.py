"""Alembic's entry: the connection comes from db/migrate.py, which works on a copy of the file."""

from alembic import context

from db.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
context.run_migrations()
