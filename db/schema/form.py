"""Paper forms as records: a definition as it was used, its filled-in entries, and one cell an answer.

What only stands on a form (an application, minutes of an appraisal meeting, a notice) is a question of a form; what
rules and figures compute with is a typed column of a record. The definitions are resources/forms/*.toml.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, derived_id, reference

# parts of the archive that print filled-in forms
FORM_PARTS = (
    "application",
    "authorization",
    "appraisal",
    "notices",
    "relocation",
    "exit",
    "survey",
    "consolidation",
    "two_assurances",
    "quarter_account",
)


class FormVersion(Record):
    """A form as it was when an entry first used it, word for word, so that an old entry prints as it was filled in."""

    __tablename__ = "form_used"
    LABEL = "表单样式"
    TITLE = ("title",)
    PARENT = ""
    KEY = ("village", "text")
    PRINTED = FORM_PARTS

    code: Mapped[str | None] = column("表单代码", derived=True)
    title: Mapped[str | None] = column("表单名称", derived=True)
    text: Mapped[str | None] = column("表单全文", "long", derived=True)


class FormEntry(Record):
    """One form filled in, of a household, of one of its members, or (neither) of the village."""

    __tablename__ = "form_entry"
    LABEL = "填写的表单"
    TITLE = ("year", "form_id")
    PARENT = "household_id"
    KEY = ("form", "household_id", "member_id", "year")
    BLANK_IN_KEY = ("household_id", "member_id")
    PRINTED = FORM_PARTS
    EVENTS = (Event("填表", ("filled_on", "year"), ("filled_by",)),)

    form_id: Mapped[str | None] = reference("表单样式", "form_used")
    household_id: Mapped[str | None] = reference("户", "household", required=False)
    member_id: Mapped[str | None] = reference("家庭成员", "member", required=False)
    form: Mapped[str | None] = column("表单代码", derived=True)
    year: Mapped[int | None] = column("年度", "year")
    filled_on: Mapped[date | None] = column("填表日期", "date")
    filled_by: Mapped[str | None] = column("填表人", short=True)
    note: Mapped[str | None] = column("备注", "long")

    @staticmethod
    def id_for_subject(form: str, subject_id: str, year: int | str) -> str:
        """Of a form that is filled in once (`year` ""), or once a year: two laptops fill in the same entry.

        `subject_id`: the household, member or village that it is about.
        """
        return derived_id("form_entry", form, subject_id, year)


class FormAnswer(Record):
    """The answer to one question of an entry, as text."""

    __tablename__ = "form_answer"
    LABEL = "表单填写内容"
    TITLE = ("entry_id",)
    PARENT = "entry_id"
    KEY = ("entry_id", "question")
    PRINTED = FORM_PARTS

    entry_id: Mapped[str | None] = reference("填写的表单", "form_entry")
    question: Mapped[str | None] = column("题目", derived=True)
    value: Mapped[str | None] = column("填写内容", "long", sensitive=True)


@lru_cache(maxsize=256)
def question_labels(text: str) -> Mapping[str, str]:
    """The labels of a form's questions, by key; a cell of a table (`key/line/column`) by "key//column".

    A text that cannot be read (of a newer program) has no labels.
    """
    try:
        return dict(_iter_labels(tomllib.loads(text).get("questions", [])))
    except (tomllib.TOMLDecodeError, TypeError, AttributeError, KeyError):
        return {}


def question_label(text: str, question: str) -> str:
    """The label of one question, or of one cell of a table; its key where the form has none."""
    key, _, cell = question.partition("/")
    column = cell.rpartition("/")[2]
    return question_labels(text).get(f"{key}//{column}" if cell else key, question)


def _iter_labels(questions: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for question in questions:
        yield str(question["key"]), str(question["label"])
        for table_column in question.get("columns", ()):
            yield f"{question['key']}//{table_column['key']}", f"{question['label']}：{table_column['label']}"
