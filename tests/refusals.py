"""What a task that is refused says."""

from app.errors import UserError
from app.progress import Task, run_to_completion


def refused(task: Task[object]) -> str:
    """The sentence that refuses to do it, "" where it was done."""
    try:
        run_to_completion(task)
    except UserError as refusal:
        return str(refusal)
    return ""
