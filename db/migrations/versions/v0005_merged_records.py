"""Records of every kind can be merged into one another, not households alone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "answer",
    "archive_print",
    "assignment",
    "checklist_used",
    "form_answer",
    "form_entry",
    "form_used",
    "helper",
    "income_line",
    "income_year",
    "inspection",
    "living_condition",
    "measure",
    "member",
    "photo",
    "rectification",
    "round",
    "verdict",
    "village",
    "visit",
)


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("merged_into", sa.String(length=32), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_merged_into_{table}"),
                table,
                ["merged_into"],
                ["id"],
                initially="DEFERRED",
                deferrable=True,
            )
    op.drop_index(op.f("ix_household_merged_into"), table_name="household")
    for table in (*TABLES, "household"):
        op.create_index(
            op.f(f"ix_{table}_merged_into"),
            table,
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
    op.drop_index(op.f("ix_change_joining"), table_name="change")
    op.create_index(
        op.f("ix_change_joining"),
        "change",
        ["row_id"],
        unique=False,
        sqlite_where=sa.text(
            "column_name = 'merged_into' OR (column_name = 'withdrawn' AND table_name = 'household') "
            "OR (column_name = '' AND instr(value, '\"merged_into\"') > 0)"
        ),
    )
