"""Chain values of changes, branches of streams, and what their owners signed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change", sa.Column("inherited", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("change", sa.Column("chain", sa.LargeBinary(), nullable=True))
    op.add_column("folded", sa.Column("chain", sa.LargeBinary(), nullable=True))
    op.add_column("stream", sa.Column("parent", sa.Integer(), nullable=True))
    op.add_column("stream", sa.Column("first", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("stream", sa.Column("chained", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "replica_owner",
        sa.Column("replica", sa.String(length=32), nullable=False),
        sa.Column("sign_key", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("replica", name=op.f("pk_replica_owner")),
    )
    op.create_table(
        "signed_head",
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("replica", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", "replica", "number", "chain", name=op.f("pk_signed_head")),
        sqlite_with_rowid=False,
    )
