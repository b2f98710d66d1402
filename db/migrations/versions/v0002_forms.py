"""Forms and their entries, rectifications, printed volumes, verdicts on doubts; receipts, undo and folding of packages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "folded",
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "first", name=op.f("pk_folded")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "form_used",
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_used")),
    )
    op.create_table(
        "owed_picture",
        sa.Column("peer", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("peer", "sha256", name=op.f("pk_owed_picture")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "print_batch",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("done", sa.String(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("pages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_print_batch")),
    )
    op.create_table(
        "archive_print",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("printed_at", sa.String(), nullable=True),
        sa.Column("printed_by", sa.String(), nullable=True),
        sa.Column("file_no", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("parts", sa.String(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_archive_print_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_print")),
    )
    op.create_index(op.f("ix_archive_print_household_id"), "archive_print", ["household_id"], unique=False)
    op.create_table(
        "verdict",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("clash", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_verdict_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_household_id"), "verdict", ["household_id"], unique=False)
    op.create_table(
        "form_entry",
        sa.Column("form_id", sa.String(length=32), nullable=True),
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("filled_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["form_used.id"],
            name=op.f("fk_form_entry_form_id_form_used"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_form_entry_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_form_entry_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_entry")),
    )
    op.create_index(op.f("ix_form_entry_form_id"), "form_entry", ["form_id"], unique=False)
    op.create_index(op.f("ix_form_entry_household_id"), "form_entry", ["household_id"], unique=False)
    op.create_index(op.f("ix_form_entry_member_id"), "form_entry", ["member_id"], unique=False)
    op.create_table(
        "form_answer",
        sa.Column("entry_id", sa.String(length=32), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["form_entry.id"],
            name=op.f("fk_form_answer_entry_id_form_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_answer")),
    )
    op.create_index(op.f("ix_form_answer_entry_id"), "form_answer", ["entry_id"], unique=False)
    op.create_table(
        "rectification",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("inspection_id", sa.String(length=32), nullable=True),
        sa.Column("check", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=True),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("followup_on", sa.Date(), nullable=True),
        sa.Column("followup_by", sa.String(), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_rectification_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name=op.f("fk_rectification_inspection_id_inspection"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
    )
    op.create_index(op.f("ix_rectification_household_id"), "rectification", ["household_id"], unique=False)
    op.create_index(op.f("ix_rectification_inspection_id"), "rectification", ["inspection_id"], unique=False)
    op.add_column("package_log", sa.Column("digest", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("package_log", sa.Column("upto", sa.String(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("package_log", sa.Column("first_seq", sa.Integer(), nullable=True))
    op.add_column("package_log", sa.Column("last_seq", sa.Integer(), nullable=True))
    op.add_column("package_log", sa.Column("acknowledged_at", sa.String(), nullable=True))
    op.add_column("package_log", sa.Column("undone_at", sa.String(), nullable=True))
    with op.batch_alter_table("photo") as photo:
        photo.add_column(sa.Column("entry_id", sa.String(length=32), nullable=True))
        photo.create_index(op.f("ix_photo_entry_id"), ["entry_id"], unique=False)
        photo.create_index(op.f("ix_photo_content"), ["content"], unique=False)
        photo.create_foreign_key(
            op.f("fk_photo_entry_id_form_entry"),
            "form_entry",
            ["entry_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
    op.create_index(
        op.f("ix_change_joining"),
        "change",
        ["row_id"],
        unique=False,
        sqlite_where=sa.text(
            "table_name = 'household' AND (column_name IN ('merged_into', 'withdrawn') "
            "OR (column_name = '' AND instr(value, '\"merged_into\"') > 0))"
        ),
    )
