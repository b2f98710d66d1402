"""Labels of cells in packages and conflicts, which may come from a newer program."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.schema.form import FormAnswer, FormEntry, FormVersion, question_label
from db.schema.relations import column_spec


def cell_label(session: Session, table: str, row: str, column: str) -> str:
    """The label of one cell: the answer to a question has the question's label."""
    if (table, column) == ("form_answer", "value"):
        question = session.execute(
            select(FormVersion.text, FormAnswer.question)
            .join(FormEntry, FormEntry.form_id == FormVersion.id)
            .join(FormAnswer, FormAnswer.entry_id == FormEntry.id)
            .where(FormAnswer.id == row)
        ).first()
        if question:
            return question_label(question.text or "", question.question or "")
    return column_label(table, column)


def column_label(table: str, column: str) -> str:
    spec = column_spec(table, column)
    return spec.label if spec else f"新版本的栏目 {column}"
