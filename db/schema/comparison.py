"""Comparisons with lists of other offices: what was compared, and where the list and the workbook do not agree."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class OfficeComparison(Record):
    """数据比对: one list of an office, and how many of its rows came to which result."""

    __tablename__ = "comparison"
    LABEL = "数据比对"
    TITLE = ("subject_title", "list_date")
    PARENT = ""
    KEY = ("village", "subject", "list_date", "file_name")
    BLANK_IN_KEY = ("list_date",)
    PRINTED = ("comparison_summary", "comparison_check")

    subject: Mapped[str | None] = column("名单代号", required=True, derived=True, internal=True)
    subject_title: Mapped[str | None] = column("名单种类", required=True)
    office: Mapped[str | None] = column("提供部门")
    list_date: Mapped[date | None] = column("名单日期", "date")
    file_name: Mapped[str | None] = column("文件", required=True)
    rows: Mapped[int | None] = column("名单行数", "integer", unit="行", minimum=0)
    same: Mapped[int | None] = column("一致", "integer", minimum=0)
    ours_only: Mapped[int | None] = column("我有他无", "integer", minimum=0)
    theirs_only: Mapped[int | None] = column("他有我无", "integer", minimum=0)
    different: Mapped[int | None] = column("值不同", "integer", minimum=0)
    incomplete: Mapped[int | None] = column("号码不全", "integer", minimum=0)
    duplicate: Mapped[int | None] = column("重复", "integer", minimum=0)
    elsewhere: Mapped[int | None] = column("外村", "integer", minimum=0)
    compared_on: Mapped[date | None] = column("比对日期", "date")
    compared_by: Mapped[str | None] = column("比对人")


class ComparisonLine(Record):
    """比对差异: somebody about whom a kind of list and the workbook do not agree, until they do.

    There is one line for each person and kind of list, whatever month the list is of: a later list changes what is
    different and leaves what was decided.
    """

    __tablename__ = "comparison_line"
    LABEL = "比对差异"
    TITLE = ("name", "result")
    PARENT = "comparison_id"
    KEY = ("subject", "person")
    PRINTED = ("comparison_check",)
    EVENTS = (Event("处理比对差异", ("decided_on",), ("decision", "reason")),)

    comparison_id: Mapped[str | None] = reference("最近一次比对", "comparison")
    subject: Mapped[str | None] = column("名单代号", required=True, derived=True, internal=True)
    person: Mapped[str | None] = column("人员标识", required=True, derived=True, internal=True)
    member_id: Mapped[str | None] = reference("本工作簿成员", "member", required=False)
    name: Mapped[str | None] = column("姓名", rule="person_name")
    id_no: Mapped[str | None] = column("证件号码", mask="id", sensitive=True)
    result: Mapped[str | None] = column("比对结果", "choice", options="comparison_result", required=True)
    explanation: Mapped[str | None] = column("说明", "long", sensitive=True)
    list_row: Mapped[str | None] = column("名单中的位置")
    list_cells: Mapped[str | None] = column("名单中的内容", "long", sensitive=True, derived=True, internal=True)
    changes: Mapped[str | None] = column("可改的内容", "long", sensitive=True, derived=True, internal=True)
    decision: Mapped[str | None] = column("处理", "choice", options="comparison_decision")
    reason: Mapped[str | None] = column("核实理由", "long")
    decided_on: Mapped[date | None] = column("处理日期", "date")
    decided_by: Mapped[str | None] = column("处理人", short=True)
    decided_state: Mapped[str | None] = column("处理时的数据", derived=True, internal=True)
