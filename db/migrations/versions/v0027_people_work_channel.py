"""What the national exports tell of work and claims."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("income_year", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claim_income", sa.Integer(), nullable=True))

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work_channel", sa.String(), nullable=True))

    with op.batch_alter_table("work_spell", schema=None) as batch_op:
        batch_op.add_column(sa.Column("point_to_point", sa.Boolean(), nullable=True))
