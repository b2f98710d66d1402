"""村级项目: money by source, households that it helps, and a long way from the proposal to the last notice."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from app.errors import UserError
from app.printing.pipeline import preview as preview_report
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.rows import RowQuery, load_rows, row_ids, sums
from app.registers.engine.steps import complete_step, due_items
from app.reports.parameters import ReportParameters
from app.reports.register_ledger import household_part
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import, preview
from app.workbook.workbook import Workbook
from db.schema.project import ProjectBenefit, ProjectMoney, VillageProject
from tests import builders, pdf_reader

PROJECTS = get_register("village_project")
_VILLAGE = builders.VILLAGE.code
_STEPS = ("提出", "村民代表会", "公示", "申报", "评审", "入库", "立项", "实施", "验收", "完工公示")


@pytest.fixture
def book(tmp_path: Path):
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        first, second = (builders.household(session, number=n, group_name=f"{'一二'[n - 1]}组").id for n in (1, 2))
        session.add(VillageProject(id="road", village=_VILLAGE, name="下屋组道路硬化", year=2018, kind="村级基础设施"))
        session.add(VillageProject(id="tea", village=_VILLAGE, name="茶园", year=2018, kind="产业发展"))
        session.flush()
        for source, arrived in (("中央财政资金", 120000), ("群众自筹", 30000)):
            session.add(
                ProjectMoney(village=_VILLAGE, project_id="road", source=source, planned=150000, arrived=arrived)
            )
        for household in (first, second):
            session.add(ProjectBenefit(village=_VILLAGE, project_id="road", household_id=household, way="设施受益"))
    yield opened
    opened.close()


def test_the_way_of_a_project_is_gone_step_by_step(book: Workbook) -> None:
    assert tuple(step.name for step in PROJECTS.steps) == _STEPS

    def complete(name: str, n: int, **values: object) -> None:
        complete_step(book, PROJECTS, "road", name, date(2018, 3, n), values)

    complete("提出", 1)
    with pytest.raises(UserError, match="“村民代表会”还没有办"):
        complete("公示", 2, meeting_result="同意")
    complete("村民代表会", 2, meeting_result="38 人到会，全部同意")
    with book.reading() as session:
        (due,) = due_items(session, [PROJECTS], date(2018, 3, 10))
        assert (due.title, due.step, due.due_on) == ("下屋组道路硬化", "公示", date(2018, 3, 12))
    complete("公示", 3)
    with pytest.raises(UserError, match="请先填“建设内容和规模”、“概算投资”"):
        complete("申报", 4)
    complete("申报", 4, scale="硬化 1.2 公里", budget=150000)
    complete("退库", 5, removed_reason="与县级项目重复")
    with pytest.raises(UserError, match="这一项已退库"):
        complete("评审", 6)
    with book.reading() as session:
        assert load_rows(session, PROJECTS, ["road"])[0].progress.label == "已退库"
        assert due_items(session, [PROJECTS], date(2030, 1, 1)) == []


def test_money_and_households_are_counted_and_each_household_sees_itself(book: Workbook) -> None:
    with book.reading() as session:
        row = load_rows(session, PROJECTS, ["road"])[0]
        assert (row.values["planned"], row.values["arrived"], row.values["households"]) == (300000, 150000, 2)
        assert sums(session, PROJECTS, ["road", "tea"])["arrived"] == 150000
        own = session.scalars(select(ProjectBenefit.household_id).order_by(ProjectBenefit.household_id)).first() or ""
        assert row_ids(session, PROJECTS, RowQuery(household_id=own)) == ["road"]
        part = str(household_part(PROJECTS, session, own))
        assert part.count("陈卫国（") == 1  # of those whom the project helps, the household's own line alone
    shown = run_to_completion(preview_report(book, ReportJob("village_project_ledger", [ReportParameters()])))
    text = pdf_reader.full_text(shown).replace("\n", "")
    for said in ("下屋组道路硬化", "150,000.00", "中央财政资金", "群众自筹", "陈卫国（一组）", "陈卫国（二组）"):
        assert said in text


def test_money_is_added_on_the_sheet_below_the_project_that_it_names(book: Workbook, tmp_path: Path) -> None:
    out = tmp_path / "项目.xlsx"
    run_to_completion(write_register(book, PROJECTS, ["road", "tea"], out))
    excel = openpyxl.load_workbook(out)
    sheet = excel["项目资金"]
    headers = [cell.value for cell in sheet[2]]
    new_row = sheet.max_row + 1
    for header, value in (("所属村级项目", "茶园"), ("资金来源", "县"), ("到位金额（元）", 20000)):
        sheet.cell(new_row, headers.index(header) + 1).value = value
    excel["受益户"].cell(5, 1).value = "没有的项目"
    excel["受益户"].cell(5, 2).value = "陈卫国（二组）"
    excel.save(out)
    shown = run_to_completion(preview(book, out))
    assert [one.reason for one in shown.refused] == ["分不清属于哪一条“村级项目”，请在软件里添加。"]
    assert run_to_completion(apply_import(book, shown)) == 1
    with book.reading() as session:
        assert load_rows(session, PROJECTS, ["tea"])[0].values["arrived"] == 20000
