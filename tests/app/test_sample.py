"""The sample village: whole, valid, the same every time, and written at once or not at all."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app import sample
from app.checklists.rounds import list_rounds, remaining_households
from app.checklists.scoring import score
from app.checklists.template import parse_checklist
from app.errors import UserError
from app.forms.entries import load_entry
from app.issues.issues import village_issues
from app.issues.rule import Rule
from app.issues.rules import (
    aid_limits,
    aid_registers,
    chronic_illness,
    drinking_water,
    education,
    livelihood,
    loans,
    village_work,
)
from app.pdf.fonts import missing_characters
from app.progress import run_to_completion
from app.records.assignment import household_limit
from app.records.field import fields, options
from app.records.income import yearly_incomes
from app.records.page_pictures import page_pictures
from app.records.photo import thumbnail
from app.records.row_views import household_rows
from app.records.standards import load_standards
from app.records.validators import id_birth, id_sex
from app.registers import all_registers
from app.registers.engine.rows import load_rows, row_ids
from app.registers.engine.steps import due_items
from app.registers.rectification import REGISTER
from app.workbook.keyring import TEST_COST
from app.workbook.workbook import Workbook, WorkbookChanges
from db.schema import records
from db.schema.aid import Visit
from db.schema.form import FormEntry
from db.schema.household import Household
from db.schema.inspection import Answer, ChecklistVersion, Inspection, Round
from db.schema.photo import Photo, Picture
from tests import builders
from tests.machine_memory import remembering_in
from tests.sample_file import sample_copy

# days that may lie ahead: what is planned, promised or runs on
_LATER = (
    "planned_on", "promised_by", "due_on", "last_on", "ended_on", "contract_until", "valid_until", "term_until",
    "extended_to",
)  # fmt: skip

_OF_REGISTERS = (
    aid_limits, aid_registers, chronic_illness, drinking_water, education, livelihood, loans, village_work,
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    folder = tmp_path_factory.mktemp("sample")
    with remembering_in(folder), closing(sample_copy(folder)) as sample_book:
        yield sample_book


def all_rows(book: Workbook, table: str) -> list[Any]:
    with book.reading() as session:
        return list(session.scalars(select(records()[table]).order_by(records()[table].id)))


def values(book: Workbook) -> dict[str, list[tuple[Any, ...]]]:
    with book.reading() as session:
        return {
            name: [tuple(row) for row in session.execute(select(*model.__table__.columns).order_by(model.id))]
            for name, model in records().items()
        }


def test_it_opens_with_its_passphrase(book):
    assert book.operator == "示例用户"
    assert [village.name for village in book.villages] == ["柳树沟村"]


def test_counts(book):
    least = {"household": 64, "member": 210, "helper": 14, "living_condition": 120, "income_year": 150, "photo": 12}
    least |= {"public_job": 10, "work_spell": 40, "education_aid": 25, "medical_expense": 15, "chronic_card": 25}
    least |= {"insurance_enrolment": 300, "social_assistance": 25, "production_subsidy": 25, "small_loan": 4}
    least |= {"attendance": 60, "village_project": 3, "training_participant": 10, "housing_renovation": 3}
    least |= {"income_line": 900, "assignment": 60, "measure": 300, "visit": 300, "round": 2, "inspection": 120}
    for table, number in least.items():
        assert len(all_rows(book, table)) >= number, table


def test_all_kinds_of_records(book):
    households, people = all_rows(book, "household"), all_rows(book, "member")
    assert {household.household_kind for household in households} == {
        option.value for option in options("household_kind") if not option.retired
    }
    monitorings = all_rows(book, "monitoring")
    assert {row.kind for row in monitorings} == {option.value for option in options("monitoring_kind")} | {None}
    assert any(row.removed for row in monitorings)
    assert any(row.return_of_id for row in monitorings)
    attributes = {option.value for option in options("household_attribute")}
    assert {household.household_attribute for household in households} == attributes | {None}
    assert {household.exit_status for household in households} == {
        option.value for option in options("exit_status")
    } | {None}
    states = {option.value for option in options("registration_state")}
    assert {household.registration_state for household in households} == states
    assert any(household.merged_into for household in households)
    assert len({person.relation for person in people}) >= 24
    assert {person.joined for person in people} == {option.value for option in options("member_join")} | {None}
    assert len({person.left for person in people}) >= 6
    kinds = {option.value for option in options("measure_kind") if option.extra["era"] != "2021"}
    assert {measure.kind for measure in all_rows(book, "measure")} == kinds
    states = {option.value for option in options("measure_state")}
    assert {measure.state for measure in all_rows(book, "measure")} == states


@pytest.mark.parametrize("table", sorted(records()))
def test_every_value_may_be_kept(book, table):
    for row in all_rows(book, table):
        for one in fields(table):
            value = getattr(row, one.name)
            assert one.check(value) == "", (table, row.id, one.name, value)
            assert one.warn(value) == "", (table, row.id, one.name, value)
            assert one.spec.derived or one.parse(value) == value, (table, one.name, value)


def test_references_stay_within_the_village(book):
    here = {table: {row.id for row in all_rows(book, table)} for table in records()}
    for table in records():
        for row in all_rows(book, table):
            assert row.village == sample.SAMPLE_VILLAGE.code
            for one in fields(table):
                if one.kind == "reference" and getattr(row, one.name) is not None:
                    assert getattr(row, one.name) in here[one.spec.refers], (table, one.name)


def test_numbers_belong_to_nobody(book):
    people = all_rows(book, "member")
    numbers = [person.id_no for person in (*people, *all_rows(book, "helper"))]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("340888") for number in numbers)
    for person in people:
        assert id_birth(person.id_no) == person.birth
        assert id_sex(person.id_no) == person.sex
        assert person.disability_no is None or person.disability_no.startswith(person.id_no)
    phones = [row.phone for row in (*all_rows(book, "household"), *all_rows(book, "helper")) if row.phone]
    assert all(phone.startswith("154") for phone in phones)


def test_rare_names_are_there_and_print(book):
    names = "".join(person.name for person in all_rows(book, "member"))
    assert set("㛃䶮𬱖𫖯𬭚𰻝·") <= set(names)
    for table in records():
        if table == "checklist_used":
            continue
        for row in all_rows(book, table):
            assert missing_characters("".join(str(getattr(row, one.name) or "") for one in fields(table))) == []


def test_families_hang_together(book):
    people = [person for person in all_rows(book, "member") if not person.left]
    households = {household.id: household for household in all_rows(book, "household")}
    heads = Counter(person.household_id for person in people if person.relation == "户主")
    lived_in = {person.household_id for person in people}
    assert set(heads) == lived_in
    assert set(heads.values()) == {1}
    empty = [household for household in households.values() if household.id not in lived_in]
    assert {household.registration_state for household in empty} == {"注销"}
    demanded = {option.value: option.extra.get("sex") for option in options("relation")}
    for person in people:
        assert demanded[person.relation] in (None, person.sex), person.name
        assert (person.education is None) != (person.school_status is None), person.name
        assert ("残疾" in person.health) == bool(person.disability_no), person.name
    for household in households.values():
        mine = [person for person in people if person.household_id == household.id]
        if mine and household.household_attribute and "低保" in household.household_attribute:
            assert any(person.dibao for person in mine), household.household_no
        if mine and household.cause_main == "因病":
            assert any(person.illness_name for person in mine), household.household_no
        if mine and household.cause_main == "因学":
            assert any(person.school_name for person in mine), household.household_no


def test_doubtful_records_are_few_and_there(book):
    households = all_rows(book, "household")
    people = Counter(person.household_id for person in all_rows(book, "member") if not person.left)
    assert sum(household.population != people[household.id] for household in households) == 3
    phones = Counter(household.phone for household in households if household.phone)
    assert sorted(count for count in phones.values() if count > 1) == [2]


def test_the_registers_have_the_faults_that_are_meant_and_no_others(book):
    numbers = {household.id: int(household.household_no[-4:]) for household in all_rows(book, "household")}
    issues = run_to_completion(village_issues(book, check_date=sample.STORY_DAY))
    of_registers = {rule.key for module in _OF_REGISTERS for rule in vars(module).values() if isinstance(rule, Rule)}
    assert sorted((one.rule, numbers[one.household_id]) for one in issues if one.rule in of_registers) == [
        ("aid_above", 60), ("assistance_review", 52), ("chronic_uncarded", 38), ("grant_low", 4), ("grant_stage", 8),
        ("labour_unasked", 7), ("left_in_register", 48), ("loan_age", 63), ("loan_misused", 61),
        ("medical_over_cap", 52), ("paid_after_leaving", 48), ("paid_twice", 20), ("pupil_omitted", 6),
        ("signed_after_leaving", 48), ("sold_over_output", 1), ("steps_disordered", 10), ("subsidy_over", 6),
        ("term_unchecked", 62), ("unit_missing", 64), ("units_several", 34), ("water_unclean", 54),
        ("water_unclean", 56),
    ]  # fmt: skip


def test_every_register_has_rows_and_some_that_wait(book):
    with book.reading() as session:
        # the program brings the lines of the years itself
        assert [one.key for one in all_registers() if not row_ids(session, one)] == ["standard"]
        due = Counter(item.register for item in due_items(session, all_registers(), sample.STORY_DAY))
    assert {"emergency_aid", "production_subsidy"} <= set(due)


def test_helpers(book):
    ranks = {helper.id: helper.rank for helper in all_rows(book, "helper")}
    in_force = [one for one in all_rows(book, "assignment") if one.ended_on is None]
    past = [one for one in all_rows(book, "assignment") if one.ended_on is not None]
    assert len(past) >= 8
    assert all(one.change_reason for one in past)
    assert all(one.ended_on is None or one.started_on < one.ended_on for one in all_rows(book, "assignment"))
    assert max(Counter(one.household_id for one in in_force).values()) == 1
    burdens = Counter(one.helper_id for one in in_force)
    assert sum(number > household_limit(ranks[helper]) for helper, number in burdens.items()) == 1
    with book.reading() as session:
        unhelped = [row for row in household_rows(session) if row.needs_helper and not row.helpers]
    assert len(unhelped) == 3


def test_nothing_happens_after_the_story_or_before_its_time(book):
    for table in records():
        for row in all_rows(book, table):
            for one in fields(table):
                value = getattr(row, one.name)
                if one.kind == "date" and one.name not in _LATER:
                    assert value is None or value <= sample.STORY_DAY, (table, one.name, value)
    for measure in all_rows(book, "measure"):
        assert not (measure.started_on and measure.ended_on) or measure.started_on <= measure.ended_on


def test_visits(book):
    visits = all_rows(book, "visit")
    latest: dict[str, date] = {}
    for visit in visits:
        latest[visit.household_id] = max(visit.visited_on, latest.get(visit.household_id, visit.visited_on))
    households = [household for household in all_rows(book, "household") if household.registration_state != "注销"]
    long_ago = sample.STORY_DAY - timedelta(days=90)
    assert (
        len([household for household in households if household.id in latest and latest[household.id] < long_ago]) == 7
    )
    assert len([household for household in households if household.id not in latest]) == 1
    assert any(visit.promised and not visit.carried_out for visit in visits)
    assert not any("{" in visit.found or "None" in visit.found for visit in visits)
    observed = Counter(visit.found for visit in visits)
    assert len(observed) > len(visits) * 0.9
    alive = {person.name: person.birth for person in all_rows(book, "member")}
    assert not [v for v in visits for name, born in alive.items() if name in v.found and born > v.visited_on]


def test_situations_differ(book):
    situations = [household.situation for household in all_rows(book, "household")]
    assert len(set(situations)) == len(situations)
    assert min(len(one) for one in situations) > 25


def test_living_conditions_of_two_years(book):
    rows = all_rows(book, "living_condition")
    assert Counter(row.year for row in rows).keys() == {2017, 2018}
    for row in rows:
        assert row.land_returned <= row.land_forest + row.land_grass
        assert row.land_irrigated <= row.land_farm
        assert row.house_unsafe == (row.danger_level in ("C", "D"))
    conditions = {(row.household_id, row.year): row for row in rows}
    better = [
        household_id
        for (household_id, year), row in conditions.items()
        if year == 2018 and row.toilet and not conditions[household_id, 2017].toilet
    ]
    assert better


def test_incomes_are_plausible(book):
    with book.reading() as session:
        observed = yearly_incomes(session)
        line = load_standards(session).line("poverty", 2018)
        households = {household.id: household for household in session.scalars(select(Household))}
    assert {net.year for net in observed} == {2016, 2017, 2018}
    assert all(net.per_capita is not None and 900 < net.per_capita < 30000 for net in observed)
    assert line is not None
    newest = [net for net in observed if net.year == 2018 and net.per_capita is not None]
    below = [net for net in newest if net.per_capita < line.amount]
    assert 2 <= len(below) <= 8
    assert not [net for net in below if households[net.household_id].exit_status == "已脱贫"]
    assert len([net for net in newest if abs(net.per_capita - line.amount) < 400]) >= 5


def test_two_rounds(book):
    with book.reading() as session:
        second, first = list_rounds(session)
        assert (first.state, first.remaining, first.households) == ("归档", 0, 66)
        assert (second.state, second.remaining, second.households) == ("入户", 7, 66)
        assert first.average is not None
        assert second.average is not None
        assert 75 < first.average < second.average < 97
        assert len(remaining_households(session, second.id)) == 7
        used = session.scalars(select(ChecklistVersion)).one()
        checklist = parse_checklist(used.text or "")
        grades = set()
        for inspections in session.scalars(select(Inspection).where(Inspection.round_id == first.id)):
            answers = session.scalars(select(Answer).where(Answer.inspection_id == inspections.id))
            scored = score(checklist, {answer.check or "": answer.value for answer in answers})
            assert not scored.open
            grades.add(scored.grade)
        assert {"优秀", "良好", "合格"} <= grades
        due = session.scalars(select(Round.due_on).order_by(Round.started_on)).all()
        assert due == [date(2018, 10, 31), date(2018, 12, 31)]


def test_pictures(book):
    with book.reading() as session:
        pictures = {picture.sha256: picture.jpeg for picture in session.scalars(select(Picture))}
        photos = session.scalars(select(Photo)).all()
        assert {photo.content for photo in photos} == set(pictures)
        assert all(len(jpeg) <= 60 * 1024 for jpeg in pictures.values())
        assert all(photo.caption and photo.taken_at for photo in photos)
        assert [len(page_pictures(pictures[photo.content])) for photo in photos if photo.about_id] == [1]
        (after,) = [photo for photo in photos if photo.before_id]
        assert (session.get_one(Photo, after.before_id).kind, after.kind) == ("整治前", "整治后")
        assert thumbnail(session, photos[0].id).startswith(b"\xff\xd8")
        hung = {"visit": Visit, "inspection": Inspection}
        for photo in photos:
            for name, model in hung.items():
                if to := getattr(photo, f"{name}_id"):
                    assert session.get_one(model, to).household_id == photo.household_id


def test_two_samples_are_equal(book, tmp_path):
    with builders.copied_tables():
        made = run_to_completion(sample.make(tmp_path / "另一份.hdb", "另一句口令 2018", "李四", cost=TEST_COST))
    with closing(made) as other:
        assert values(other) == values(book)


def test_it_is_written_in_one_transaction_and_quickly(tmp_path):
    with closing(builders.workbook(tmp_path)) as book:
        heard: list[WorkbookChanges] = []
        book.subscribe(heard.append)
        began = time.process_time()
        steps = list(sample.fill(book))
        assert time.process_time() - began < 3
        assert len(heard) == 1
        assert steps[-1].done == steps[-1].total > 5000
        with book.reading() as session:
            stamps = session.execute(text("SELECT DISTINCT stamp FROM change WHERE table_name <> 'village'")).all()
            assert len(stamps) == 1
            numbers = session.scalars(select(Household.household_no)).all()
        assert all(number and number.startswith(builders.VILLAGE.code) for number in numbers)
        assert book.villages[0].name == builders.VILLAGE.name
        with book.reading() as session:
            assert household_rows(session)[0].village == builders.VILLAGE.code


def test_a_village_with_households_is_refused(book, tmp_path):
    before = values(book)
    with pytest.raises(UserError, match="已经有户"):
        run_to_completion(sample.fill(book))
    assert values(book) == before
    with closing(builders.workbook(tmp_path)) as other:
        with other.writing() as session:
            builders.household(session)
        with pytest.raises(UserError, match="已经有户"):
            run_to_completion(sample.fill(other))
        assert [len(values(other)[name]) for name in ("household", "member", "helper")] == [1, 3, 0]


def test_cancelling_leaves_nothing_behind(tmp_path):
    path = tmp_path / "示例村.hdb"
    with builders.copied_tables():
        task = sample.make(path, sample.PASSPHRASE, cost=TEST_COST)
        while next(task).done < 300:
            pass
    task.close()
    assert list(tmp_path.iterdir()) == []
    with closing(builders.workbook(tmp_path)) as book:
        filling = sample.fill(book)
        while next(filling).done < 300:
            pass
        filling.close()
        assert [len(values(book)[name]) for name in ("household", "member", "helper")] == [0, 0, 0]


def test_filled_forms_hold_only_what_their_forms_take(book):
    with book.reading() as session:
        observed = [load_entry(session, row.id) for row in session.scalars(select(FormEntry))]
        problems = load_rows(session, REGISTER, row_ids(session, REGISTER), sample.STORY_DAY)
    assert len({one.form.code for one in observed}) > 10
    refused = [
        f"{one.form.code} {name}: {value}"
        for one in observed
        for name, value in one.values.items()
        if one.field(name).check(one.field(name).parse_and_validate(one.field(name).text(value)))
    ]
    assert refused == []
    assert {one.progress.label for one in problems} == {"整改中", "待销号", "已销号"}
    assert [one.progress.overdue for one in problems].count(True) == 1
