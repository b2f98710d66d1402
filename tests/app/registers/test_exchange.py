"""Two laptops write one row of a register differently: the conflict names the row and whose it is."""

from datetime import date

from sqlalchemy import update

from app.progress import run_to_completion
from app.records.withdrawn_records import find_withdrawn, restore_records
from app.sync import conflicts
from db.schema import records
from db.schema.aid import Helper
from db.schema.finance import SmallLoan
from db.schema.project import VillageProject
from db.schema.work_team import Attendance
from tests.app.sync.peers import all_records, make_team, send
from tests.builders import VILLAGE, household

ROWS = {"small_loan": "a" * 32, "attendance": "b" * 32, "village_project": "c" * 32}


def test_a_conflict_names_the_row_and_whose_it_is(tmp_path):
    team = make_team(tmp_path, "甲", "乙")
    with team[0].operation("登记") as session:
        home = household(session)
        helper = Helper(village=VILLAGE.code, name="汪明远")
        session.add(helper)
        session.flush()
        session.add_all(
            [
                SmallLoan(id=ROWS["small_loan"], village=VILLAGE.code, household_id=home.id, bank="农商行"),
                Attendance(id=ROWS["attendance"], village=VILLAGE.code, helper_id=helper.id, day=date(2018, 6, 1)),
                VillageProject(id=ROWS["village_project"], village=VILLAGE.code, name="水渠"),
            ]
        )
    send(*team)
    for book, text in zip(team, ("甲写的", "乙写的"), strict=True):
        with book.operation("备注") as session:
            for table, row in ROWS.items():
                session.execute(update(records()[table]).where(records()[table].id == row).values(note=text))
    send(*team)
    send(*reversed(team))
    listed = {one.table: one for one in conflicts.list_conflicts(team[0])}
    assert {table: (one.table_label, one.record, one.household) for table, one in listed.items()} == {
        "small_loan": ("扶贫小额信贷", "农商行", "陈卫国（下屋组）"),
        "attendance": ("驻村考勤", "汪明远 2018-06-01", ""),
        "village_project": ("村级项目", "水渠", ""),
    }
    for one in listed.values():
        conflicts.resolve(team[0], one, one.theirs)
    with team[0].operation("撤回") as session:
        for table in ROWS:
            session.execute(update(records()[table]).values(withdrawn=True))
    found = run_to_completion(find_withdrawn(team[0])).records
    assert {one.label for one in found} == {"扶贫小额信贷", "驻村考勤", "村级项目"}
    assert restore_records(team[0], [(one.table, one.id) for one in found]) == 3
    send(*team)
    assert conflicts.list_conflicts(team[1]) == ()
    assert all_records(team[0]) == all_records(team[1])
    for book in team:
        book.close()
