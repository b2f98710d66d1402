"""动态管理: each kind of event writes what it touches as one operation, refuses what does not fit, is taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import UserError
from app.life_events.person_events import record_departure, record_head, told
from app.life_events.planning import EventPlan, EventRequest
from app.life_events.recording import keep_waiting, plan_event, record_event, waiting_request
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.rows import load_rows
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure
from db.schema.assistance import SocialAssistance
from db.schema.employment import PublicJob, WorkSpell
from db.schema.health import ChronicCard
from db.schema.household import Household, Member
from db.schema.life_event import LifeEvent
from db.schema.monitoring import Monitoring
from db.schema.photo import Photo
from tests import builders

VILLAGE = builders.VILLAGE.code
HOME, OTHER = (Household.id_of(f"{VILLAGE}00{n}") for n in (1, 2))
HEAD, WIFE, SON, DAUGHTER = (Member.id_of(f"{VILLAGE}0010{n}") for n in (1, 2, 3, 4))
GUEST, GUEST_WIFE = (Member.id_of(f"{VILLAGE}0020{n}") for n in (1, 2))
DAY = date(2018, 6, 1)
DECIDED: dict[str, Any] = {
    "applied_on": date(2018, 5, 2),
    "checked_on": date(2018, 5, 4),
    "checked_by": "徐静",
    "appraised_on": date(2018, 5, 8),
    "notice_on": date(2018, 5, 10),
    "notice_until": date(2018, 5, 18),
    "town_on": date(2018, 5, 22),
    "county_on": date(2018, 5, 30),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """Two households, with what hangs on their people. Each test takes back what it wrote."""
    opened = builders.workbook(tmp_path_factory.mktemp("events"))
    with opened.writing() as session:
        values = {"household_kind": "建档立卡贫困户", "household_attribute": "低保贫困户", "population": 4}
        builders.household(session, 4, **values)
        builders.household(session, 2, number=2, household_kind="一般农户")
        session.add_all((
            Helper(id="helper", village=VILLAGE, name="徐静"),
            Assignment(id="given", village=VILLAGE, household_id=HOME, helper_id="helper", started_on=date(2017, 1, 1)),
            PublicJob(id="job", village=VILLAGE, member_id=HEAD, kind="保洁员", started_on=date(2018, 1, 1)),
            SocialAssistance(
                id="dibao", village=VILLAGE, member_id=HEAD, kind="农村低保", started_in="2017-01",
                approved_on=date(2017, 1, 1),
            ),
            WorkSpell(id="spell", village=VILLAGE, member_id=SON, place="昆山", started_on=date(2018, 3, 1)),
            Measure(
                id="grant", village=VILLAGE, household_id=HOME, member_id=DAUGHTER, kind="教育扶贫", title="助学金",
                year=2018,
            ),
            Monitoring(
                id="watch", village=VILLAGE, household_id=OTHER, kind="边缘易致贫户", identified="2017-03",
                risks=("因病",),
            ),
        ))  # fmt: skip
    yield opened
    opened.close()


def event(kind: str, household: str = HOME, **said: Any) -> EventRequest:
    return EventRequest(kind, household, said.pop("happened_on", DAY), said.pop("basis", "户口本"), **said)


def plan(book: Workbook, request: EventRequest) -> EventPlan:
    with book.reading() as session:
        return plan_event(session, request)


def state(book: Workbook) -> dict[str, dict[str, Any]]:
    """All cells of what events change."""
    with book.reading() as session:
        models: tuple[Any, ...] = (
            Household, Member, Assignment, PublicJob, SocialAssistance, WorkSpell, Measure, Monitoring, Photo,
        )  # fmt: skip
        return {
            row.id: {column.name: getattr(row, column.name) for column in model.__table__.columns}
            for model in models
            for row in session.scalars(select(model).where(~model.withdrawn))
        }


def changed(book: Workbook, request: EventRequest) -> dict[str, dict[str, Any]]:
    """Record an event; what is different then by record; and take it back, after which all is as before."""
    before = state(book)
    event_id = record_event(book, request, plan(book, request))
    after = state(book)
    with book.reading() as session:
        [row] = load_rows(session, get_register("life_event"), [event_id])
        assert row.values["effect"]
    run_to_completion(undo(book))
    assert state(book) == before
    with book.reading() as session:
        assert session.scalars(select(LifeEvent).where(~LifeEvent.withdrawn)).all() == []
    return {
        id: {name: value for name, value in cells.items() if value != before.get(id, {}).get(name)}
        for id, cells in after.items()
        if cells != before.get(id)
    }


def test_a_birth_is_a_member_more(book: Workbook) -> None:
    born = {"name": "陈小宝", "relation": "之孙子", "joined": "新生儿", "sex": "男", "birth": DAY}
    found = changed(book, event("自然增加", basis="出生医学证明", values=born))
    assert found.pop(HOME) == {"population": 5}
    [child] = found.values()
    assert (child["name"], child["household_id"], child["joined_on"]) == ("陈小宝", HOME, DAY)
    with pytest.raises(UserError, match="已有户主"):
        plan(book, event("自然增加", values=born | {"relation": "户主"}))
    with pytest.raises(UserError, match="增加原因"):
        plan(book, event("自然增加", values={"name": "陈小宝", "relation": "之孙子"}))


def test_a_death_ends_what_was_his_and_names_another_head(book: Workbook) -> None:
    said: dict[str, Any] = {
        "members": (HEAD,), "new_head": WIFE, "relations": {SON: "之子", DAUGHTER: "之女"}, "values": {"left": "死亡"},
    }  # fmt: skip
    request = event("自然减少", basis="死亡证明", **said)
    assert changed(book, request) == {
        HEAD: {"left": "死亡", "left_on": DAY},
        WIFE: {"relation": "户主"},
        HOME: {"population": 3},
        "job": {"ended_on": DAY, "end_reason": "死亡"},
        "dibao": {"ended_on": DAY, "end_reason": "死亡"},
    }
    assert "job" not in changed(book, event("自然减少", **said, kept=frozenset({"job"})))
    shown = plan(book, request)
    left_alone = plan(book, event("自然减少", **said, kept=frozenset({"job"})))
    assert left_alone.lines == shown.lines  # still offered
    assert ("公益性岗位" in shown.effect, "公益性岗位" in left_alone.effect) == (True, False)
    assert (shown.people, shown.cause) == ("陈卫国", "死亡")
    assert "帮扶联系人：徐静" in shown.remarks
    with pytest.raises(UserError, match="请填写陈小燕与新户主的关系"):
        plan(book, event("自然减少", **said | {"relations": {SON: "之子"}}))
    with pytest.raises(UserError, match="请选谁是新户主"):
        plan(book, event("自然减少", **said | {"new_head": ""}))
    with pytest.raises(UserError, match="早于陈卫国的出生日期"):
        plan(book, event("自然减少", **said, happened_on=date(1900, 1, 1)))


def test_who_dies_last_closes_the_household(book: Workbook) -> None:
    with book.writing() as session:
        for id in (WIFE, SON, DAUGHTER):
            session.get_one(Member, id).left = "婚出"
    found = changed(book, event("自然减少", members=(HEAD,), values={"left": "死亡"}))
    assert found[HOME]["registration_state"] == "注销"
    assert found["given"] == {"ended_on": DAY, "change_reason": "户已注销"}
    with book.writing() as session:
        for id in (WIFE, SON, DAUGHTER):
            session.get_one(Member, id).left = None


def test_who_dies_last_leaves_a_monitored_household_open_and_it_is_said(book: Workbook) -> None:
    with book.writing() as session:
        session.get_one(Member, GUEST_WIFE).left = "婚出"
    said = record_departure(book, OTHER, GUEST, "死亡", DAY, "")
    sentence = "陈卫国（下屋组）没有人了，但还在监测，所以没有销户。请先登记风险消除，再登记整户销户"
    assert (said.warnings, told(said)) == ((sentence,), f"。{sentence}")
    with book.reading() as session:
        assert session.get_one(Household, OTHER).registration_state != "注销"
    run_to_completion(undo(book))
    with book.writing() as session:
        session.get_one(Member, GUEST_WIFE).left = None


def test_what_the_list_of_members_writes_is_the_event_of_the_wizard(book: Workbook) -> None:
    """Ends his post and his allowance, too; the proof follows."""
    relations = {SON: "之子", DAUGHTER: "之女"}
    request = event("自然减少", members=(HEAD,), values={"left": "死亡"}, new_head=WIFE, relations=relations)
    by_wizard = changed(book, request)
    quick = record_departure(book, HOME, HEAD, "死亡", DAY, "", new_head=WIFE, relations=relations)
    assert {line.record_id for line in quick.lines} == by_wizard.keys() >= {HEAD, "job", "dibao"}
    with book.reading() as session:
        row = session.scalars(select(LifeEvent).where(LifeEvent.household_id == HOME, ~LifeEvent.withdrawn)).one()
        assert (row.kind, row.people, row.cause, row.happened_on, row.basis) == (
            "自然减少",
            "陈卫国",
            "死亡",
            DAY,
            None,
        )
        assert "保洁员" in (row.effect or "")
        assert session.get_one(PublicJob, "job").ended_on == DAY
    run_to_completion(undo(book))


def test_what_is_corrected_and_done_again_on_one_day_is_one_event(book: Workbook) -> None:
    for _ in range(2):
        record_head(book, HOME, SON, {HEAD: "之父", WIFE: "之母", DAUGHTER: "之兄弟姐妹"}, "")
        record_head(book, HOME, HEAD, {SON: "之子", WIFE: "配偶", DAUGHTER: "之女"}, "")
    with book.reading() as session:
        events = session.scalars(select(LifeEvent).where(LifeEvent.household_id == HOME, ~LifeEvent.withdrawn)).all()
        assert len(events) == 2
        assert session.get_one(Member, HEAD).relation == "户主"
    for _ in range(4):
        run_to_completion(undo(book))


def test_an_event_waits_for_its_decision_with_its_steps(book: Workbook) -> None:
    begun: dict[str, Any] = {"applied_on": date(2018, 5, 2)}
    waits = keep_waiting(book, event("脱贫退出", basis="上级批复", decision=begun))
    with book.reading() as session:
        assert session.get_one(Household, HOME).household_kind == "建档立卡贫困户"
        (row,) = load_rows(session, get_register("life_event"), [waits], date(2018, 5, 20))
        assert (row.progress.next.name if row.progress.next else "") == "核查"
        assert row.progress.overdue
        resumed = waiting_request(session, waits)
    assert (resumed.kind, resumed.happened_on, resumed.decision["applied_on"]) == ("脱贫退出", DAY, date(2018, 5, 2))
    with pytest.raises(UserError, match="已经有一件“脱贫退出”在等审批"):
        keep_waiting(book, event("脱贫退出", happened_on=date(2018, 6, 2), decision=begun))
    with pytest.raises(UserError, match="自然减少不用审批"):
        keep_waiting(book, event("自然减少"))
    decided = replace(resumed, decision=DECIDED)
    assert record_event(book, decided, plan(book, decided)) == waits
    with book.reading() as session:
        assert session.get_one(Household, HOME).household_kind == "脱贫户"
        assert session.get_one(LifeEvent, waits).effect
        with pytest.raises(UserError, match="在等审批"):
            waiting_request(session, waits)
    for _ in range(2):
        run_to_completion(undo(book))


def test_another_head(book: Workbook) -> None:
    relations = {HEAD: "之父", WIFE: "之母", DAUGHTER: "之兄弟姐妹"}
    found = changed(book, event("户主变更", new_head=SON, relations=relations))
    assert {id: cells["relation"] for id, cells in found.items()} == relations | {SON: "户主"}
    with pytest.raises(UserError, match="现在不是户主的成员"):
        plan(book, event("户主变更", new_head=HEAD))


def test_a_split_takes_along_what_is_theirs(book: Workbook) -> None:
    said: dict[str, Any] = {"members": (SON, DAUGHTER), "new_head": SON, "relations": {DAUGHTER: "之兄弟姐妹"}}
    found = changed(book, event("分户", **said, values={"household_no": f"{VILLAGE}009"}))
    new = Household.id_of(f"{VILLAGE}009")
    made = found.pop(new)
    assert (made["household_kind"], made["group_name"], made["population"]) == ("建档立卡贫困户", "下屋组", 2)
    helped = next(cells for id, cells in found.items() if "helper_id" in cells)
    assert (helped["household_id"], helped["helper_id"], helped["started_on"]) == (new, "helper", DAY)
    assert {id: cells for id, cells in found.items() if cells is not helped} == {
        SON: {"household_id": new, "relation": "户主"},
        DAUGHTER: {"household_id": new, "relation": "之兄弟姐妹"},
        HOME: {"population": 2},
        "grant": {"household_id": new},
    }
    assert "grant" not in changed(book, event("分户", **said, kept=frozenset({"grant"})))  # and without a number
    with pytest.raises(UserError, match="户主要留在原户"):
        plan(book, event("分户", members=(HEAD,), new_head=HEAD))
    with pytest.raises(UserError, match="原户至少留一位"):
        plan(book, event("分户", members=(HEAD, WIFE, SON, DAUGHTER), new_head=SON))
    with pytest.raises(UserError, match="已经登记过"):
        plan(book, event("分户", **said, values={"household_no": f"{VILLAGE}002"}))


def test_papers_of_who_goes_go_along(book: Workbook) -> None:
    own: dict[str, Any] = {"village": VILLAGE, "household_id": HOME, "pages": 1}
    with book.writing() as session:
        session.add(ChronicCard(id="card", village=VILLAGE, member_id=SON))
        session.add_all((
            Photo(id="of-grant", about_table="measure", about_id="grant", **own),
            Photo(id="of-card", about_table="chronic_card", about_id="card", **own),
            Photo(id="of-home", **own),
        ))  # fmt: skip
    found = changed(book, event("分户", members=(SON, DAUGHTER), new_head=SON, relations={DAUGHTER: "之兄弟姐妹"}))
    new = found[SON]["household_id"]
    assert {id for id, cells in found.items() if cells == {"household_id": new}} == {"grant", "of-grant", "of-card"}
    assert "of-home" not in found


def test_a_union_closes_the_other_household(book: Workbook) -> None:
    said: dict[str, Any] = {"other_household_id": OTHER, "relations": {GUEST: "之父", GUEST_WIFE: "之母"}}
    found = changed(book, event("并户", **said))
    assert found[GUEST] == {"household_id": HOME, "relation": "之父"}
    assert found[HOME] == {"population": 6}
    assert found[OTHER]["registration_state"] == "注销"
    with pytest.raises(UserError, match="并进来的每一位"):
        plan(book, event("并户", other_household_id=OTHER, relations={GUEST: "之父"}))
    with pytest.raises(UserError, match="并进来的是哪一户"):
        plan(book, event("并户", other_household_id=HOME))


def test_leaving_poverty_is_decided_step_by_step(book: Workbook) -> None:
    found = changed(book, event("脱贫退出", basis="上级批复", decision=DECIDED))
    assert found == {
        HOME: {
            "household_kind": "脱贫户", "exit_status": "已脱贫", "registration_state": "已脱贫", "exit_year": 2018,
            "household_attribute": "低保脱贫户",
        }
    }  # fmt: skip
    for wrong, sentence in (
        ({"county_on": None}, "还不能写进户档：请填“县级批准日期”"),
        ({"checked_by": None}, "请先填“核查人”"),
        ({"town_on": date(2018, 5, 1)}, "日期前后不对"),
        ({"notice_until": date(2018, 5, 12)}, "公示不足 7 天"),
    ):
        with pytest.raises(UserError, match=sentence):
            plan(book, event("脱贫退出", decision=DECIDED | wrong))
    with pytest.raises(UserError, match="不是建档立卡贫困户"):
        plan(book, event("脱贫退出", OTHER, decision=DECIDED))


def test_the_other_events_of_a_household(book: Workbook) -> None:
    cause = {"ident_standard": "国家标准", "household_attribute": "一般贫困户", "cause_main": "因病"}
    for request, expected in (
        (
            event("新识别", OTHER, decision=DECIDED, values=cause),
            {"household_kind": "建档立卡贫困户", "exit_status": "未脱贫", "registration_state": "在册",
             "register_date": "2018-06", **cause},
        ),
        (event("属性变更", decision=DECIDED, values={"household_attribute": "一般贫困户"}),
         {"household_attribute": "一般贫困户"}),
        (event("整户销户"), {"registration_state": "注销"}),
    ):  # fmt: skip
        assert changed(book, request)[request.household_id] == expected
    removed = changed(book, event("风险消除", OTHER, decision=DECIDED, values={"removal_way": "落实帮扶措施"}))
    assert removed["watch"]["removed"] == "2018-06"
    assert removed["watch"]["removal_notice_until"] == date(2018, 5, 18)
    with book.writing() as session:
        session.get_one(Household, HOME).household_kind = "脱贫户"
        session.get_one(Household, HOME).registration_state = "注销"
    returned = changed(book, event("返贫", decision=DECIDED, values={"return_cause": "因病"}))
    assert returned[HOME]["return_year"] == 2018
    assert changed(book, event("恢复在册")) == {HOME: {"registration_state": "在册"}}
    with book.writing() as session:
        session.get_one(Household, HOME).household_kind = "建档立卡贫困户"
        session.get_one(Household, HOME).registration_state = None
    for request, sentence in (
        (event("整户销户", OTHER), "还在监测"),
        (event("风险消除", decision=DECIDED, values={"removal_way": "落实帮扶措施"}), "没有正在监测的记录"),
        (event("恢复在册"), "没有销户"),
        (event("返贫", decision=DECIDED, values={"return_cause": "因病"}), "不是脱贫户"),
        (event("户主变更", basis=""), "请选变更依据"),
        (event("户主变更", happened_on=date(2999, 1, 1)), "还没有到"),
        (event("没有这一种"), "请选变更类型"),
    ):
        with pytest.raises(UserError, match=sentence):
            plan(book, request)


def test_what_changed_since_it_was_shown_is_not_written(book: Workbook) -> None:
    request = event("户主变更", new_head=SON, relations={HEAD: "之父", WIFE: "之母", DAUGHTER: "之兄弟姐妹"})
    shown = plan(book, request)
    record_head(book, HOME, DAUGHTER, {HEAD: "之父", WIFE: "之母", SON: "之兄弟姐妹"}, "")
    with pytest.raises(UserError, match="在预览以后又有改动"):
        record_event(book, request, shown)
    run_to_completion(undo(book))
