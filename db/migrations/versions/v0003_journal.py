"""No table changes: the journal's triggers are others, and db/migrate.py makes all triggers anew after a migration."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: what is made anew needs no step of its own."""
