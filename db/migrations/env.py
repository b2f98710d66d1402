"""Alembic's entry: the connection comes from db/migrate.py, which works on a copy of the file."""

from alembic import context

from db.schema import Base

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
    render_item=attributes.get("render_item"),  # with the next one: what db/migrations/generate.py asks for
    process_revision_directives=attributes.get("process_revision_directives"),
)
context.run_migrations()
