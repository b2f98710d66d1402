"""Where the sample village lies: among the program's own data, where none takes it for a workbook of a village."""

from pathlib import Path

from app.workbook.replicas import state_dir


def sample_path() -> Path:
    """The sample village of this user, there or not."""
    return state_dir() / "示例村.hdb"


def is_sample(path: Path) -> bool:
    """Whether a path is the sample village, which asks for no passphrase."""
    return path.resolve() == sample_path().resolve()
