"""Monitoring and standards."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standard",
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["standard.id"],
            name=op.f("fk_standard_merged_into_standard"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
    )
    with op.batch_alter_table("standard", schema=None) as batch_op:
        batch_op.create_index(
            "ix_standard_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "monitoring",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("lead_on", sa.Date(), nullable=True),
        sa.Column("lead_text", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("excluded_on", sa.Date(), nullable=True),
        sa.Column("excluded_reason", sa.String(), nullable=True),
        sa.Column("risks", sa.String(), nullable=True),
        sa.Column("disasters", sa.String(), nullable=True),
        sa.Column("risk_note", sa.String(), nullable=True),
        sa.Column("income_range", sa.Integer(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("appraised_on", sa.Date(), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("town_on", sa.Date(), nullable=True),
        sa.Column("county_on", sa.Date(), nullable=True),
        sa.Column("identified", sa.String(), nullable=True),
        sa.Column("contact_id", sa.String(length=32), nullable=True),
        sa.Column("removal_way", sa.String(), nullable=True),
        sa.Column("removal_checked_on", sa.Date(), nullable=True),
        sa.Column("removal_notice_on", sa.Date(), nullable=True),
        sa.Column("removal_notice_until", sa.Date(), nullable=True),
        sa.Column("removed", sa.String(), nullable=True),
        sa.Column("return_of_id", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("former", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["helper.id"],
            name=op.f("fk_monitoring_contact_id_helper"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_monitoring_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["monitoring.id"],
            name=op.f("fk_monitoring_merged_into_monitoring"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["return_of_id"],
            ["monitoring.id"],
            name=op.f("fk_monitoring_return_of_id_monitoring"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring")),
    )
    with op.batch_alter_table("monitoring", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_monitoring_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_monitoring_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_monitoring_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )
        batch_op.create_index(batch_op.f("ix_monitoring_return_of_id"), ["return_of_id"], unique=False)
