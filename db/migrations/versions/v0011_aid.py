"""Registers of aid: work, schooling, health, insurance, assistance, housing, production."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "skill_training",
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("organizer", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("teacher", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["skill_training.id"],
            name=op.f("fk_skill_training_merged_into_skill_training"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_training")),
    )
    with op.batch_alter_table("skill_training", schema=None) as batch_op:
        batch_op.create_index(
            "ix_skill_training_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "housing_renovation",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("certified_by", sa.String(), nullable=True),
        sa.Column("way", sa.String(), nullable=True),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("subsidy", sa.Integer(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("appraised_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("acceptance", sa.String(), nullable=True),
        sa.Column("accepted_by", sa.String(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("drop_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_housing_renovation_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["housing_renovation.id"],
            name=op.f("fk_housing_renovation_merged_into_housing_renovation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_renovation")),
    )
    with op.batch_alter_table("housing_renovation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_renovation_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_housing_renovation_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "production_subsidy",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("declared", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified", sa.Integer(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("paid", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.Column("reject_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_production_subsidy_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["production_subsidy.id"],
            name=op.f("fk_production_subsidy_merged_into_production_subsidy"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_production_subsidy")),
    )
    with op.batch_alter_table("production_subsidy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_production_subsidy_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_production_subsidy_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "chronic_card",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("disease", sa.String(), nullable=True),
        sa.Column("card_no", sa.String(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("renewed_on", sa.Date(), nullable=True),
        sa.Column("doctor", sa.String(), nullable=True),
        sa.Column("doctor_phone", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_chronic_card_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["chronic_card.id"],
            name=op.f("fk_chronic_card_merged_into_chronic_card"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chronic_card")),
    )
    with op.batch_alter_table("chronic_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chronic_card_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_chronic_card_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "education_aid",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("term", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("school", sa.String(), nullable=True),
        sa.Column("boarding", sa.Boolean(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("standard", sa.Integer(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("paid", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_education_aid_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["education_aid.id"],
            name=op.f("fk_education_aid_merged_into_education_aid"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education_aid")),
    )
    with op.batch_alter_table("education_aid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_education_aid_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_education_aid_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "emergency_aid",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("situation", sa.String(), nullable=True),
        sa.Column("requested", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("fund_source", sa.String(), nullable=True),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_emergency_aid_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_emergency_aid_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["emergency_aid.id"],
            name=op.f("fk_emergency_aid_merged_into_emergency_aid"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_aid")),
    )
    with op.batch_alter_table("emergency_aid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emergency_aid_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_emergency_aid_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_emergency_aid_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "insurance_claim",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("insurer", sa.String(), nullable=True),
        sa.Column("loss", sa.Integer(), nullable=True),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
        sa.Column("survey", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.Column("reject_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_insurance_claim_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_insurance_claim_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["insurance_claim.id"],
            name=op.f("fk_insurance_claim_merged_into_insurance_claim"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_claim")),
    )
    with op.batch_alter_table("insurance_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insurance_claim_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_insurance_claim_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_insurance_claim_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "insurance_enrolment",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("payer", sa.String(), nullable=True),
        sa.Column("fee", sa.Integer(), nullable=True),
        sa.Column("subsidised", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("receipt_no", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_insurance_enrolment_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["insurance_enrolment.id"],
            name=op.f("fk_insurance_enrolment_merged_into_insurance_enrolment"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_enrolment")),
    )
    with op.batch_alter_table("insurance_enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insurance_enrolment_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_insurance_enrolment_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "medical_expense",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("care", sa.String(), nullable=True),
        sa.Column("hospital", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("illness", sa.String(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("basic", sa.Integer(), nullable=True),
        sa.Column("serious", sa.Integer(), nullable=True),
        sa.Column("rescue", sa.Integer(), nullable=True),
        sa.Column("supplement", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_medical_expense_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["medical_expense.id"],
            name=op.f("fk_medical_expense_merged_into_medical_expense"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medical_expense")),
    )
    with op.batch_alter_table("medical_expense", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_medical_expense_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_medical_expense_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "public_job",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("contract_no", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("contract_until", sa.Date(), nullable=True),
        sa.Column("pay", sa.Integer(), nullable=True),
        sa.Column("fund_source", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_public_job_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["public_job.id"],
            name=op.f("fk_public_job_merged_into_public_job"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_job")),
    )
    with op.batch_alter_table("public_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_job_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_public_job_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "social_assistance",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("certificate_no", sa.String(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("started_in", sa.String(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_social_assistance_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["social_assistance.id"],
            name=op.f("fk_social_assistance_merged_into_social_assistance"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_assistance")),
    )
    with op.batch_alter_table("social_assistance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_social_assistance_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_social_assistance_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "training_participant",
        sa.Column("training_id", sa.String(length=32), nullable=True),
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=True),
        sa.Column("certificate_no", sa.String(), nullable=True),
        sa.Column("subsidy", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_training_participant_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["training_participant.id"],
            name=op.f("fk_training_participant_merged_into_training_participant"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["skill_training.id"],
            name=op.f("fk_training_participant_training_id_skill_training"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_participant")),
    )
    with op.batch_alter_table("training_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_participant_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_training_participant_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_training_participant_training_id"), ["training_id"], unique=False)

    op.create_table(
        "work_spell",
        sa.Column("member_id", sa.String(length=32), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("company", sa.String(), nullable=True),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("job", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("pay", sa.Integer(), nullable=True),
        sa.Column("subsidy_kind", sa.String(), nullable=True),
        sa.Column("subsidy", sa.Integer(), nullable=True),
        sa.Column("subsidy_paid_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_work_spell_member_id_member"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["work_spell.id"],
            name=op.f("fk_work_spell_merged_into_work_spell"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_spell")),
    )
    with op.batch_alter_table("work_spell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_spell_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_work_spell_merged_into", ["merged_into"], unique=False, sqlite_where=sa.text("merged_into IS NOT NULL")
        )

    op.create_table(
        "public_job_month",
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("appraisal", sa.String(), nullable=True),
        sa.Column("paid", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["public_job.id"],
            name=op.f("fk_public_job_month_job_id_public_job"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["public_job_month.id"],
            name=op.f("fk_public_job_month_merged_into_public_job_month"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_job_month")),
    )
    with op.batch_alter_table("public_job_month", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_job_month_job_id"), ["job_id"], unique=False)
        batch_op.create_index(
            "ix_public_job_month_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
