"""Income origin."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "income_origin",
        sa.Column("income_year_id", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("rows", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["income_year_id"],
            ["income_year.id"],
            name=op.f("fk_income_origin_income_year_id_income_year"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["income_origin.id"],
            name=op.f("fk_income_origin_merged_into_income_origin"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income_origin")),
    )
    with op.batch_alter_table("income_origin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_income_origin_income_year_id"), ["income_year_id"], unique=False)
        batch_op.create_index(
            "ix_income_origin_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
