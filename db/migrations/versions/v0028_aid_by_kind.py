"""Aid by kind."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "water_source",
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("keeper", sa.String(), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=True),
        sa.Column("disinfected", sa.Boolean(), nullable=True),
        sa.Column("short_months", sa.String(), nullable=True),
        sa.Column("short_measure", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["water_source.id"],
            name=op.f("fk_water_source_merged_into_water_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_source")),
    )
    with op.batch_alter_table("water_source", schema=None) as batch_op:
        batch_op.create_index(
            "ix_water_source_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "workshop_pay",
        sa.Column("workshop", sa.String(), nullable=True),
        sa.Column("operator", sa.String(), nullable=True),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["workshop_pay.id"],
            name=op.f("fk_workshop_pay_merged_into_workshop_pay"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_pay")),
    )
    with op.batch_alter_table("workshop_pay", schema=None) as batch_op:
        batch_op.create_index(
            "ix_workshop_pay_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "farm_business",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("variety", sa.String(), nullable=True),
        sa.Column("scale", sa.Integer(), nullable=True),
        sa.Column("output", sa.Integer(), nullable=True),
        sa.Column("sold", sa.Integer(), nullable=True),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("sales", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("buyer", sa.String(), nullable=True),
        sa.Column("unsold", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_farm_business_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["farm_business.id"],
            name=op.f("fk_farm_business_merged_into_farm_business"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_business")),
    )
    with op.batch_alter_table("farm_business", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_farm_business_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_farm_business_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "motivation_review",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("subjective", sa.String(), nullable=True),
        sa.Column("objective", sa.String(), nullable=True),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("achieved_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_motivation_review_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["motivation_review.id"],
            name=op.f("fk_motivation_review_merged_into_motivation_review"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motivation_review")),
    )
    with op.batch_alter_table("motivation_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_motivation_review_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_motivation_review_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "water_household",
        sa.Column("source_id", sa.String(length=32), nullable=True),
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_water_household_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["water_household.id"],
            name=op.f("fk_water_household_merged_into_water_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["water_source.id"],
            name=op.f("fk_water_household_source_id_water_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_household")),
    )
    with op.batch_alter_table("water_household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_water_household_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_water_household_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_water_household_source_id"), ["source_id"], unique=False)

    op.create_table(
        "water_test",
        sa.Column("source_id", sa.String(length=32), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("report_no", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("exceeded", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["water_test.id"],
            name=op.f("fk_water_test_merged_into_water_test"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["water_source.id"],
            name=op.f("fk_water_test_source_id_water_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_test")),
    )
    with op.batch_alter_table("water_test", schema=None) as batch_op:
        batch_op.create_index(
            "ix_water_test_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )
        batch_op.create_index(batch_op.f("ix_water_test_source_id"), ["source_id"], unique=False)

    op.create_table(
        "asset_month",
        sa.Column("asset_id", sa.String(length=32), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("power", sa.Integer(), nullable=True),
        sa.Column("income", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
            name=op.f("fk_asset_month_asset_id_asset"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["asset_month.id"],
            name=op.f("fk_asset_month_merged_into_asset_month"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_month")),
    )
    with op.batch_alter_table("asset_month", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_month_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(
            "ix_asset_month_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "school_term",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("term", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("school", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("missed_on", sa.Date(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=True),
        sa.Column("persuaded_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("arrangement", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_school_term_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["school_term.id"],
            name=op.f("fk_school_term_merged_into_school_term"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_term")),
    )
    with op.batch_alter_table("school_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_term_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_school_term_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "training_wish",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("mode", sa.String(), nullable=True),
        sa.Column("wants_job", sa.String(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("arranged_on", sa.Date(), nullable=True),
        sa.Column("training_id", sa.String(length=32), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("drop_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_training_wish_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["training_wish.id"],
            name=op.f("fk_training_wish_merged_into_training_wish"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["skill_training.id"],
            name=op.f("fk_training_wish_training_id_skill_training"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_wish")),
    )
    with op.batch_alter_table("training_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_wish_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_training_wish_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_training_wish_training_id"), ["training_id"], unique=False)

    op.create_table(
        "workshop_pay_line",
        sa.Column("pay_id", sa.String(length=32), nullable=True),
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("wage", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_workshop_pay_line_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["workshop_pay_line.id"],
            name=op.f("fk_workshop_pay_line_merged_into_workshop_pay_line"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["pay_id"],
            ["workshop_pay.id"],
            name=op.f("fk_workshop_pay_line_pay_id_workshop_pay"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_pay_line")),
    )
    with op.batch_alter_table("workshop_pay_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_pay_line_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_workshop_pay_line_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_workshop_pay_line_pay_id"), ["pay_id"], unique=False)

    op.create_table(
        "return_persuasion",
        sa.Column("term_id", sa.String(length=32), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("visitors", sa.String(), nullable=True),
        sa.Column("talked", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["return_persuasion.id"],
            name=op.f("fk_return_persuasion_merged_into_return_persuasion"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["term_id"],
            ["school_term.id"],
            name=op.f("fk_return_persuasion_term_id_school_term"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_persuasion")),
    )
    with op.batch_alter_table("return_persuasion", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_persuasion_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_return_persuasion_term_id"), ["term_id"], unique=False)

    with op.batch_alter_table("production_subsidy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_production_subsidy_photo_id"), ["photo_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_production_subsidy_photo_id_photo"),
            "photo",
            ["photo_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )

    with op.batch_alter_table("work_spell", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subsidy_applied_on", sa.Date(), nullable=True))
