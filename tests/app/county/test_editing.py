"""What an officer sets for the county counts at once, is checked before it is kept, and can be taken back."""

import tomllib
from datetime import date, timedelta

import pytest

import resources
from app.checklists import rounds
from app.checklists.template import checklist
from app.county import editing
from app.county.toml_text import toml_text
from app.county.versions import entry_history
from app.errors import UserError
from app.figures.catalogue import find_figure
from app.figures.definition import Period
from app.forms.definition import load_form, offered_forms
from app.records.assignment import household_limit
from app.records.field import field, options
from app.records.standards import MissingLine, load_standards
from app.registers import get_register
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.reports.catalogue import parts
from app.reports.era import terms
from app.sheets.roster_aliases import aliases
from app.workbook import operations
from db.schema.aid import Helper
from db.schema.amendment import Amendment
from db.schema.assistance import EmergencyAid
from db.schema.household import Household, Member
from db.schema.inspection import Round
from resources.option_roles import values_with_role
from tests.app.county.conftest import add, cell, edit, head, sheet_of, without
from tests.builders import VILLAGE, household, workbook


def amendments(book):
    with book.reading() as session:
        return session.query(Amendment).filter(~Amendment.withdrawn).count()


def test_every_entry_can_be_opened_and_kept_as_it_is(book):
    with book.reading() as session:
        entries = editing.list_entries(session)
        assert len({(one.kind, one.name) for one in entries}) == len(entries) > 100
        for one in (one for n, one in enumerate(entries) if one.kind != "dictionaries" or n % 10 == 0):
            sheet = editing.load_sheet(session, one.kind, one.name)
            assert sheet.rows, one
            assert editing.plan(session, sheet, sheet).lines == ()
            assert not one.changed


def test_an_option_is_reworded_everywhere_and_records_keep_their_value(book):
    with book.writing() as session:
        household_id = household(session, cause_main="因病").id
    assert edit(
        book, "dictionaries", "poverty_cause", cell("因病", "label", "因大病"), cell("因病", "aliases", "大病户")
    ) == [
        "因病：名称：因病 → 因大病",
        "因病：增加的写法： → 大病户",
    ]
    with book.reading() as session:
        cause = field("household", "cause_main")
        assert cause.text(session.get_one(Household, household_id).cause_main) == "因大病"
        assert cause.parse("大病户") == cause.parse("因大病") == cause.parse("因病") == "因病"
    assert field("household", "cause_main").text("因病") == "因病"  # outside this workbook nothing has changed


def test_an_option_of_the_county_is_offered_and_treated_like_its_model(book):
    edit(book, "dictionaries", "attendance_state", add(label="跟班学习", model="在村"))
    with book.reading():
        assert "跟班学习" in [one.label for one in field("attendance", "state").options]
        assert "跟班学习" in values_with_role("attendance_state", "in_village")
    with pytest.raises(UserError, match="要选“比照”"):
        edit(book, "dictionaries", "attendance_state", add(label="轮训"))


def test_what_the_program_counts_by_an_option_it_counts_by_one_like_it(book):
    """Lists by which the program decides take options too; the figures ask for a flag and not for a value."""
    edit(book, "dictionaries", "labour", add(label="灵活就业劳动力", model="普通劳动力"))
    edit(book, "dictionaries", "monitoring_kind", add(label="因灾临时监测户", model="突发严重困难户"))
    edit(book, "dictionaries", "round_period", add(label="双月", model="季度", amount="2"))
    with book.writing() as session:
        household(session, members=2)
        head, other = session.query(Member).order_by(Member.person_no)
        head.labour, other.labour = "灵活就业劳动力", "无劳动力"
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    with book.reading() as session:
        assert "因灾临时监测户" in [one.value for one in field("monitoring", "kind").options]
        assert find_figure("labour").read(session, year).value == 1
        begun = rounds.round_defaults("six_clean", date(2026, 5, 9), "双月")
    assert (begun.title, begun.due_on) == ("2026年5—6月六净", date(2026, 6, 30))


def test_an_option_that_records_hold_is_hidden_never_removed(book):
    edit(book, "dictionaries", "problem_class", add(label="环境卫生类"))
    edit(book, "dictionaries", "grid_kind", add(label="自然村"))
    edit(book, "dictionaries", "grid_kind", without("自然村"))  # nobody used it
    with book.writing() as session:
        household(session, cause_main="因病")
    edit(book, "dictionaries", "poverty_cause", add(label="因疫", model="因灾"))
    with book.writing() as session:
        session.query(Household).one().cause_main = "因疫"
    before = amendments(book)
    for attempt in (
        lambda: edit(book, "dictionaries", "poverty_cause", without("因疫")),
        lambda: editing.restore_default(book, "dictionaries", "poverty_cause"),
    ):
        with pytest.raises(UserError, match=r"“因疫”已有 1 条记录使用，不能删除。请勾选“停用”"):
            attempt()
    with pytest.raises(UserError, match="“因病”是程序自带的选项，不能删除"):
        edit(book, "dictionaries", "poverty_cause", without("因病"))
    assert amendments(book) == before
    edit(book, "dictionaries", "poverty_cause", cell("因疫", "hidden", "1"))
    with book.reading() as session:
        cause = field("household", "cause_main")
        assert "因疫" not in [one.value for one in cause.options]
        assert cause.text("因疫") == "因疫"
        assert "因疫" in [one.value for one in options("poverty_cause")]


@pytest.mark.parametrize(
    ("kind", "name", "change", "sentence"),
    [
        ("dictionaries", "poverty_cause", cell("因病", "label", "因残"), "都写成“因残”，导入时分不清"),
        ("dictionaries", "poverty_cause", add(label="因病、因残", model="因病"), "不含顿号"),
        ("dictionaries", "helper_rank", cell("科员级", "amount", "五"), "“帮扶户数上限”应填写数字，“五”不符合要求"),
        ("dictionaries", "helper_rank", cell("科员级", "amount", "900"), "应在 0 到 100 户之间，现在是 900"),
        ("dictionaries", "sex", add(label="不详", model="男"), "“性别”不能增加“不详”：证件号码里只有这两种"),
        ("thresholds", "aid", cell("days.claim_pay", "amount", "-1"), "“保险理赔：定损后赔付”应在 0 到 100000 天之间"),
        ("thresholds", "aid", cell("days.claim_pay", "amount", "2.5"), "应填写整数，“2.5”不符合要求"),
        ("thresholds", "aid", cell("days.claim_pay", "amount", "三天"), "应填写数字，“三天”不符合要求"),
        ("thresholds", "aid", cell("days.claim_pay", "amount", "inf"), "应填写数字，“inf”不符合要求"),
        ("dictionaries", "helper_rank", cell("科员级", "amount", "12.5"), "“帮扶户数上限”应填写整数"),
        ("dictionaries", "poverty_cause", add(label="因病", model="因残"), "里已有“因病”这个选项"),
        ("standard", "", head("source", "皖民〔2026〕1号"), "没有改动标准"),
        ("checklists", "six_clean", head("pass_total", "180"), "达标线应在 0 到 100 之间"),
        ("forms", "appraisal_meeting", cell("topic", "label", "会议地点"), "有两个“会议地点”"),
        ("forms", "appraisal_meeting", add(label="签到", kind="choice"), "要写选项表"),
        ("rosters", "people", cell("member.name", "aliases", "性别"), "列名“性别”同时填入"),
        ("archive", "household", cell("cover", "label", "卷内文件目录"), "目录里有两个“卷内文件目录”"),
        ("standard", "", add(0, year=str(date.today().year + 1), 监测范围="9000"), "年还没有到，不能先填"),
        ("standard", "", add(0, year="2025", 监测范围="9000"), "2025 年有两行"),
        ("standard", "", cell("2025", "监测范围", "很多"), "2025 年监测范围：“金额”"),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(book, kind, name, change, sentence):
    base = sheet_of(book, kind, name)
    with book.reading() as session, pytest.raises(UserError, match=sentence):
        editing.plan(session, base, change(base))
    with pytest.raises(UserError, match=sentence):
        editing.save(book, base, change(base))
    assert amendments(book) == 0
    with book.reading() as session:
        assert not load_standards(session).entered


def test_weights_must_add_up(book):
    first = sheet_of(book, "checklists", "six_clean").rows[0]
    with pytest.raises(UserError, match=r"“六净”各项目分值合计 \d+ 分，应为 100 分"):
        edit(book, "checklists", "six_clean", cell(first.key, "points", "1"))
    assert amendments(book) == 0


def test_a_changed_checklist_is_a_new_version_and_old_rounds_keep_theirs(book):
    with book.writing() as session:
        household(session)
    rounds.open_round(book, VILLAGE.code, "six_clean", "第一轮", "月度", date(2026, 5, 1))
    items = [row for row in sheet_of(book, "checklists", "six_clean").rows if row.level == "项目"]
    edit(
        book, "checklists", "six_clean",
        cell(items[0].key, "points", str(int(items[0].cells["points"]) - 1)),
        cell(items[1].key, "points", str(int(items[1].cells["points"]) + 1)),
        add(1, "要点", label="门牌整洁", photo="1"),
    )  # fmt: skip
    rounds.open_round(book, VILLAGE.code, "six_clean", "第二轮", "月度", date(2026, 6, 1))
    with book.reading() as session:
        definition = checklist("six_clean")
        assert definition.version == 2
        assert "门牌整洁" in [one.label for one in definition.checks()]
        of_rounds = {one.title: one.checklist for one in rounds.load_rounds(session)}
    assert (of_rounds["第一轮"].version, of_rounds["第二轮"].version) == (1, 2)
    assert "门牌整洁" not in [one.label for one in of_rounds["第一轮"].checks()]
    assert checklist("six_clean").version == 1


def test_a_copy_is_a_checklist_of_its_own(book):
    copied = editing.copied(sheet_of(book, "checklists", "six_clean"), "响水镇六净")
    editing.save(book, copied.with_rows(), copied)
    with book.reading() as session:
        assert "响水镇六净" in [one.title for one in rounds.checklist_presets()]
        assert copied.name in [one.name for one in editing.list_entries(session)]
    with book.writing() as session:
        household(session)
    with book.reading():
        rounds.open_round(book, VILLAGE.code, copied.name, "第一轮", "月度", date(2026, 5, 1))
    with pytest.raises(UserError, match="已有 1 轮检查用这份评分标准，不能删除"):
        editing.restore_default(book, "checklists", copied.name)
    with book.operation("撤回") as session:
        session.query(Round).one().withdrawn = True
    edit(book, "checklists", copied.name, head("hidden", "1"))
    with book.reading():
        assert "响水镇六净" not in [one.title for one in rounds.checklist_presets()]
    editing.restore_default(book, "checklists", copied.name)
    with pytest.raises(UserError, match="没有"):
        sheet_of(book, "checklists", copied.name)


def test_a_form_gets_a_question_and_loses_one(book):
    assert edit(
        book, "forms", "appraisal_meeting",
        cell("topic", "label", "评议议题"), without("place"), add(1, "题目", label="监督人", kind="text", required="1"),
    )[0] == "会议议题：题目：会议议题 → 评议议题"  # fmt: skip
    with book.reading():
        labels = [one.label for one in load_form("appraisal_meeting").questions]
        assert labels[:2] == ["评议议题", "监督人"]
        assert "会议地点" not in labels
        # what the sheet does not show is still there
        assert load_form("appraisal_meeting").question("households").households
    assert load_form("appraisal_meeting").questions[0].label == "会议议题"
    edit(book, "forms", "appraisal_meeting", head("hidden", "1"))
    with book.reading():
        assert "appraisal_meeting" not in [one.code for one in offered_forms()]
        assert load_form("appraisal_meeting").title == "民主评议会议记录"


def test_bands_of_income_are_the_countys(book):
    edit(book, "thresholds", "village_figures", cell("income_bands.0", "amount", "5000"))
    with book.reading():
        assert resources.read("thresholds", "village_figures")["income_bands"][:2] == [5000, 6000]
    with pytest.raises(UserError, match="“收入分段：第 2 段到”应大于前一段的 5000，现在是 4500。"):
        edit(book, "thresholds", "village_figures", cell("income_bands.1", "amount", "4500"))


def test_limits_count_in_lists_that_were_built_before(book):
    register = get_register("emergency_aid")
    with book.writing() as session:
        home = household(session)
        row = EmergencyAid(village=VILLAGE.code, household_id=home.id, applied_on=date.today() - timedelta(days=5))
        session.add(row)
        session.flush()
        row_id = row.id

    def overdue():
        with book.reading() as session:
            in_sql = row_id in row_ids(session, register, RowQuery(overdue=True))
            in_python = load_rows(session, register, [row_id])[0].progress.days_left < 0
        assert in_sql == in_python
        return in_sql

    assert overdue()
    assert edit(book, "thresholds", "aid", cell("days.emergency_verify", "amount", "9")) == [
        "救急难：申请后核实：数值：3 → 9"
    ]
    assert not overdue()
    editing.restore_default(book, "thresholds", "aid")
    assert overdue()


def test_how_many_households_a_rank_may_have(book):
    with book.writing() as session:
        session.add(Helper(village=VILLAGE.code, name="张三", rank="科员级"))
    edit(book, "dictionaries", "helper_rank", cell("科员级", "amount", "7"))
    from app.registers.lists import get_list

    with book.reading() as session:
        assert household_limit("科员级") == 7
        helpers = get_list("helper")
        (row,) = load_rows(session, helpers, row_ids(session, helpers))
        assert row.texts["limit"] == "7"


def test_headings_and_titles(book):
    edit(book, "rosters", "people", cell("member.name", "aliases", "人员姓名全称"))
    edit(book, "archive", "household", cell("cover", "label", "档案封面"), cell("cover", "code", "甲1"))
    edit(book, "archive", "household", cell("members", "label", "家庭成员登记表"))
    with book.reading():
        assert terms(None, date(2018, 5, 1)).title("members", "成员") == "家庭成员登记表"
        assert aliases("member")["人员姓名全称"] == "member.name"
        assert [(one.title, one.code) for one in parts() if one.name == "cover"] == [("档案封面", "甲1")]
    assert "人员姓名全称" not in aliases("member")


def test_a_line_that_is_entered_counts_and_one_that_is_emptied_does_not(book):
    year = date.today().year
    with book.reading() as session:
        assert isinstance(load_standards(session).income_line(year), MissingLine)
    edit(book, "standard", "", cell(str(year), "监测范围", "8500"), head("source", "皖乡振〔2026〕3号"))
    with book.reading() as session:
        line = load_standards(session).income_line(year)
    assert (line.amount, line.confirmed, line.source) == (8500, True, "皖乡振〔2026〕3号")
    edit(book, "standard", "", cell(str(year), "监测范围", ""))
    with book.reading() as session:
        assert load_standards(session).income_line(year) == MissingLine(year, "监测范围")


def test_what_was_changed_meanwhile_is_not_overwritten(book):
    base = sheet_of(book, "thresholds", "visit")
    edit(book, "thresholds", "visit", cell("days_without", "amount", "60"))
    with pytest.raises(UserError, match="刚被别处改过"):
        editing.save(book, base, cell("days_without", "amount", "30")(base))
    assert sheet_of(book, "thresholds", "visit").row("days_without").cells["amount"] == "60"


def test_a_change_is_an_operation_that_is_undone(book):
    edit(book, "thresholds", "visit", cell("days_without", "amount", "60"))
    with book.reading() as session:
        (last, *_) = operations.list_operations(session)
    assert last.title == "修改县级规定：走访"
    list(operations.take_back(book, last.n))
    assert sheet_of(book, "thresholds", "visit").row("days_without").cells["amount"] == "90"


def test_every_version_is_kept(book):
    edit(book, "thresholds", "visit", cell("days_without", "amount", "60"))
    edit(book, "thresholds", "visit", cell("days_without", "amount", "45"))
    editing.restore_default(book, "thresholds", "visit")
    with book.reading() as session:
        found = [
            (one.operator, one.label, one.before, one.after) for one in entry_history(session, "thresholds", "visit")
        ]
        assert entry_history(session, "thresholds", "aid") == []
    assert found[:2] == [("王书记", "撤回", "", ""), ("王书记", "数值", "60", "45")]


def test_two_open_workbooks_do_not_mix(book, tmp_path):
    other = workbook(tmp_path, "另一本.hdb")
    edit(book, "dictionaries", "poverty_cause", cell("因病", "label", "因大病"))
    with book.reading():
        with other.reading():
            assert field("household", "cause_main").text("因病") == "因病"
        assert field("household", "cause_main").text("因病") == "因大病"
    assert field("household", "cause_main").text("因病") == "因病"
    other.close()


def test_what_a_newer_program_wrote_gives_way_to_the_program(book):
    with book.operation("试") as session:
        for kind, name, text in (("县定评分标准", "six_clean", "items = 7"), ("县定表单", "appraisal_meeting", "= =")):
            session.add(Amendment(village=VILLAGE.code, kind=kind, name=name, item="", text=text))
        session.add(Amendment(village=VILLAGE.code, kind="将来的种类", name="x", item="y", amount=3))
        session.add(
            Amendment(village=VILLAGE.code, kind="县定限额和时限", name="aid", item="days.of_the_future", amount=3)
        )
    with book.reading() as session:
        assert checklist("six_clean").title == "六净"
        assert load_form("appraisal_meeting").title == "民主评议会议记录"
        assert editing.list_entries(session)


@pytest.mark.parametrize("kind", ["checklists", "forms"])
def test_a_text_that_is_written_again_says_the_same(kind):
    for name in resources.program_names(kind):
        raw = resources.program_data(kind, name)
        assert tomllib.loads(toml_text(raw)) == raw
