"""驻村考勤: one day of one member is one record, on every laptop and in every list."""

from datetime import date
from pathlib import Path

import openpyxl

from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.sheets.register_import import apply_import, preview
from db.schema.aid import Helper
from db.schema.work_team import Attendance
from tests import builders


def test_a_month_on_a_sheet_is_taken_once_and_counted(tmp_path: Path) -> None:
    register, village = get_register("attendance"), builders.VILLAGE.code
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        for name, unit in (("汪明远", "县农业农村局"), ("汪明远", "县水利局"), ("徐静", "县农业农村局")):
            session.add(Helper(id=f"{name}{unit}", village=village, name=name, unit=unit))
    excel = openpyxl.Workbook()
    for row in (
        ("驻村工作队考勤表",),
        ("序号", "队员姓名", "派出单位", "考勤日期", "出勤情况", "主要工作"),
        (1, "汪明远", "县水利局", "2018-06-01", "√", "入户核查"),
        (2, "徐静", "", "2018.6.1", "入户", ""),
        (3, "徐静", "", "2018年6月2日", "旷工", ""),
        (4, "汪明远", "", "2018-06-02", "√", ""),
        (5, "徐静", "", "2018.6.1", "事假", ""),
    ):
        excel.active.append(row)
    excel.save(tmp_path / "考勤.xlsx")
    shown = run_to_completion(preview(book, tmp_path / "考勤.xlsx", register))
    assert [str(one) for one in shown.refused] == [
        "“Sheet”第 6 行：“汪明远”在本工作簿里有 2 个，分不清是哪一位帮扶联系人，请填帮扶单位。"
    ]
    assert [(one.row, one.of) for one in shown.duplicates] == [(7, "本表第 4 行")]
    run_to_completion(apply_import(book, shown))
    assert run_to_completion(preview(book, tmp_path / "考勤.xlsx", register)).counts()["new"] == 0
    with book.reading() as session:
        assert session.get(Attendance, Attendance.id_of("徐静县农业农村局", date(2018, 6, 1))) is not None
        counted = {one.label: one.text for one in figure_values(session, register, RowQuery(year=2018))}
        assert counted == {"考勤记录": "3", "在村": "2", "外出公务": "0", "请假和公休": "0", "缺勤": "1"}
        ids = row_ids(session, register, RowQuery(helper_id="徐静县农业农村局"))
        assert [str(row.subject) for row in load_rows(session, register, ids)] == ["徐静", "徐静"]
    book.close()
