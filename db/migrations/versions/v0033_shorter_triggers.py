"""No table changes: what each table says of the journal is shorter, and db/migrate.py makes all triggers anew."""

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: what is made anew needs no step of its own."""
