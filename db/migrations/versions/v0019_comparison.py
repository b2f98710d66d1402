"""Comparisons with lists of other offices and their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparison",
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("subject_title", sa.String(), nullable=True),
        sa.Column("office", sa.String(), nullable=True),
        sa.Column("list_date", sa.Date(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("same", sa.Integer(), nullable=True),
        sa.Column("ours_only", sa.Integer(), nullable=True),
        sa.Column("theirs_only", sa.Integer(), nullable=True),
        sa.Column("different", sa.Integer(), nullable=True),
        sa.Column("incomplete", sa.Integer(), nullable=True),
        sa.Column("duplicate", sa.Integer(), nullable=True),
        sa.Column("elsewhere", sa.Integer(), nullable=True),
        sa.Column("compared_on", sa.Date(), nullable=True),
        sa.Column("compared_by", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["comparison.id"],
            name=op.f("fk_comparison_merged_into_comparison"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
    )
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.create_index(
            "ix_comparison_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "comparison_line",
        sa.Column("comparison_id", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("id_no", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("list_row", sa.String(), nullable=True),
        sa.Column("list_cells", sa.String(), nullable=True),
        sa.Column("changes", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_state", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["comparison.id"],
            name=op.f("fk_comparison_line_comparison_id_comparison"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_comparison_line_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["comparison_line.id"],
            name=op.f("fk_comparison_line_merged_into_comparison_line"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_line")),
    )
    with op.batch_alter_table("comparison_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comparison_line_comparison_id"), ["comparison_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comparison_line_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_comparison_line_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
