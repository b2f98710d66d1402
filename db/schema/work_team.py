"""The work team in the village: who was there on which day."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Attendance(Record):
    """驻村考勤: one member of the team on one day, or half of it."""

    __tablename__ = "attendance"
    LABEL = "驻村考勤"
    TITLE = ("helper_id", "day")
    PARENT = "helper_id"
    KEY = ("helper_id", "day", "half")
    BLANK_IN_KEY = ("half",)
    PRINTED = ("attendance_ledger",)

    helper_id: Mapped[str | None] = reference("队员", "helper")
    day: Mapped[date | None] = column("日期", "date", required=True)
    half: Mapped[str | None] = column("时段", "choice", options="day_half")
    state: Mapped[str | None] = column("考勤", "choice", options="attendance_state", required=True)
    place: Mapped[str | None] = column("地点")
    work: Mapped[str | None] = column("工作内容", "long")
    leave_approved_by: Mapped[str | None] = column("请假批准人")
    note: Mapped[str | None] = column("备注")
