"""Operations: what was done, and which changes belong to it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("replica", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("records", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("package", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_operation")),
    )
    op.create_table(
        "operation_range",
        sa.Column("operation", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operation", "stream", name=op.f("pk_operation_range")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("operation_range", schema=None) as batch_op:
        batch_op.create_index("ix_operation_range_change", ["stream", "first"], unique=False)
