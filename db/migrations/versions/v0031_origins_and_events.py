"""Origins and events."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "life_event",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("other_household_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("people", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("basis_note", sa.String(), nullable=True),
        sa.Column("effect", sa.String(), nullable=True),
        sa.Column("publicity_days", sa.Integer(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("appraised_on", sa.Date(), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("town_on", sa.Date(), nullable=True),
        sa.Column("county_on", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_life_event_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["life_event.id"],
            name=op.f("fk_life_event_merged_into_life_event"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["other_household_id"],
            ["household.id"],
            name=op.f("fk_life_event_other_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_event")),
    )
    with op.batch_alter_table("life_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_life_event_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_life_event_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )
        batch_op.create_index(batch_op.f("ix_life_event_other_household_id"), ["other_household_id"], unique=False)

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
