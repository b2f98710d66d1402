"""Visits."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_plan",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("helper_id", sa.String(length=32), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["helper_id"],
            ["helper.id"],
            name=op.f("fk_visit_plan_helper_id_helper"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_visit_plan_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["visit_plan.id"],
            name=op.f("fk_visit_plan_merged_into_visit_plan"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_plan")),
    )
    with op.batch_alter_table("visit_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_plan_helper_id"), ["helper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_plan_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_visit_plan_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "visit_participant",
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("helper_id", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["helper_id"],
            ["helper.id"],
            name=op.f("fk_visit_participant_helper_id_helper"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["visit_participant.id"],
            name=op.f("fk_visit_participant_merged_into_visit_participant"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_visit_participant_visit_id_visit"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_participant")),
    )
    with op.batch_alter_table("visit_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_participant_helper_id"), ["helper_id"], unique=False)
        batch_op.create_index(
            "ix_visit_participant_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_visit_participant_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "visit_policy",
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("policy_id", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["visit_policy.id"],
            name=op.f("fk_visit_policy_merged_into_visit_policy"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policy.id"],
            name=op.f("fk_visit_policy_policy_id_policy"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_visit_policy_visit_id_visit"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_policy")),
    )
    with op.batch_alter_table("visit_policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visit_policy_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_visit_policy_policy_id"), ["policy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_policy_visit_id"), ["visit_id"], unique=False)

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("started_at", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("together", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("meals", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("nights", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("labour_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("labour", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("countersigned", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("uploaded_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("upload_no", sa.String(), nullable=True))
