"""No table changes: db/migrate.py makes the index of what newer versions wrote, as it makes the triggers."""

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: what is made anew needs no step of its own."""
