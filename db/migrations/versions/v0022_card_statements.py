"""Statements about cards: trust and revocation, counted by epochs."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_statement",
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("author", "subject", name=op.f("pk_card_statement")),
        sqlite_with_rowid=False,
    )
