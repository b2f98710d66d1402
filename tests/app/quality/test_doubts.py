"""Doubts of a household and of the village, and 已核实无误."""

from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from app import sample
from app.errors import FieldRefused, OfficeError
from app.progress import Progress, finish
from app.quality.doubts import ERROR, Doubt, counts, of_household, of_village, put_right, reopen, settle
from app.records.history import history
from app.workbook.keyring import TEST
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from tests import builders
from tests.app.exchange import team
from tests.app.quality.sound import TODAY, sound
from tests.builders import VILLAGE


@pytest.fixture
def book(tmp_path: Path):
    with closing(builders.workbook(tmp_path)) as made:
        yield made


def home(book: Workbook, **values: object) -> str:
    """A sound household with some cells changed."""
    with book.writing() as session:
        kept = sound(session)
        for name, value in values.items():
            setattr(kept.household, name, value)
        return kept.household.id


def found(book: Workbook, household_id: str, *, settled: bool = False) -> dict[str, Doubt]:
    with book.reading() as session:
        return {one.rule: one for one in of_household(session, household_id, settled=settled, today=TODAY)}


def test_a_doubt_names_household_record_fields_and_values(book: Workbook) -> None:
    id = home(book, population=6)
    doubt = found(book, id)["population"]
    assert (doubt.household_id, doubt.home, doubt.group, doubt.severity) == (id, "陈卫国1", "下屋组", "错误")
    assert [(place.table, place.record_id, place.column) for place in doubt.places] == [("household", id, "population")]
    assert doubt.fields == ("人数",)
    assert doubt.sentence == "人数“6人”，家庭成员表里有 4 人。"
    with book.reading() as session:
        assert counts(session, id)[ERROR] == 1


def test_the_gravest_come_first(book: Workbook) -> None:
    id = home(book, population=6, fill_date=date(2019, 1, 1), cause_main="缺劳力")
    with book.reading() as session:
        severities = [one.severity for one in of_household(session, id, today=TODAY)]
    assert severities == sorted(severities, key=("错误", "疑点", "提示").index)
    assert set(severities) == {"错误", "疑点", "提示"}


def test_a_verdict_keeps_it_quiet_until_a_value_changes(book: Workbook) -> None:
    id = home(book, cause_main="缺劳力")
    doubt = found(book, id)["cause_labour"]
    finish(settle(book, doubt, " 两个劳动力都在照顾病人 "))
    assert "cause_labour" not in found(book, id)
    kept = found(book, id, settled=True)["cause_labour"].settled
    assert kept is not None
    assert (kept.reason, kept.by) == ("两个劳动力都在照顾病人", "王书记")
    with book.writing() as session:
        session.get_one(Household, id).note = "别的字段"
    assert "cause_labour" not in found(book, id)
    with book.writing() as session:
        boy = session.query(Member).filter_by(household_id=id, relation="之子").one()
        boy.labour = "普通劳动力"
    again = found(book, id)["cause_labour"]
    assert again.settled is None
    assert again.clash != doubt.clash


def test_a_verdict_is_taken_back(book: Workbook) -> None:
    id = home(book, cause_main="缺劳力")
    doubt = found(book, id)["cause_labour"]
    finish(settle(book, doubt, "已核对"))
    finish(reopen(book, doubt))
    assert "cause_labour" in found(book, id)
    finish(settle(book, doubt, "又核对了一次"))
    kept = found(book, id, settled=True)["cause_labour"].settled
    assert kept is not None
    assert kept.reason == "又核对了一次"


def test_history_tells_of_a_verdict_and_not_of_its_hash(book: Workbook) -> None:
    id = home(book, cause_main="缺劳力")
    doubt = found(book, id)["cause_labour"]
    finish(settle(book, doubt, "已核对"))
    with book.writing() as session:
        session.get_one(Household, id).cause_main = "因病"
        session.get_one(Household, id).cause_main = "缺劳力"
    finish(settle(book, Doubt(**{n: getattr(doubt, n) for n in Doubt.__slots__} | {"clash": "0123"}), "又核对"))
    with book.reading() as session:
        lines = [one for one in history(session, id) if one.table == "verdict"]
    told = " ".join(f"{one.label} {one.before} {one.after}" for one in lines)
    assert "已核对" in told
    assert "又核对" in told
    assert doubt.clash not in told
    assert "0123" not in told
    assert "cause_labour" not in told


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_verdict_needs_a_reason(book: Workbook, reason: str) -> None:
    id = home(book, cause_main="缺劳力")
    with pytest.raises(FieldRefused, match="核实理由"):
        finish(settle(book, found(book, id)["cause_labour"], reason))
    assert "cause_labour" in found(book, id)


def test_a_verdict_travels_in_a_package(tmp_path: Path) -> None:
    one, other = team.laptops(tmp_path, "王书记", "李队员")
    with closing(one), closing(other):
        id = home(one, cause_main="缺劳力")
        team.send(one, other)
        doubt = found(other, id)["cause_labour"]
        assert doubt.clash == found(one, id)["cause_labour"].clash
        finish(settle(other, doubt, "入户看过"))
        team.send(other, one)
        assert "cause_labour" not in found(one, id)
        kept = found(one, id, settled=True)["cause_labour"].settled
        assert kept is not None
        assert (kept.reason, kept.by) == ("入户看过", "李队员")


def test_a_correction_that_is_offered_is_written_like_a_form_would(book: Workbook) -> None:
    id = home(book, population=6)
    doubt = found(book, id)["population"]
    assert doubt.fix is not None
    assert doubt.fix.sentence == "按成员表改为 4 人"
    with pytest.raises(OfficeError, match="已经改过"):
        finish(put_right(book, Doubt(**{name: getattr(doubt, name) for name in Doubt.__slots__} | {"clash": "other"})))
    finish(put_right(book, doubt))
    assert "population" not in found(book, id)
    with book.reading() as session:
        assert session.get_one(Household, id).population == 4
        newest = history(session, id)[0]
    assert (newest.operator, newest.label, newest.after) == ("王书记", "人数", "4人")


def test_what_offers_no_correction_refuses(book: Workbook) -> None:
    id = home(book, cause_main="缺劳力")
    with pytest.raises(OfficeError, match="没有可以直接采用的值"):
        finish(put_right(book, found(book, id)["cause_labour"]))


def test_the_whole_village_says_what_each_household_says(tmp_path: Path) -> None:
    with closing(finish(sample.make(tmp_path / "示例村.hdb", sample.PASSPHRASE, cost=TEST))) as book:
        steps: list[Progress] = []
        work = of_village(book, settled=True)
        try:
            while True:
                steps.append(next(work))
        except StopIteration as end:
            whole: tuple[Doubt, ...] = end.value
        with book.reading() as session:
            ids = [row.id for row in session.query(Household).all()]
            each = [one for id in ids for one in of_household(session, id, settled=True)]
        assert Counter(whole) == Counter(each)
        assert len(steps) > 2
        assert steps[-1].done == steps[-1].total


def test_the_sample_has_some_doubts_and_most_of_it_is_sound(tmp_path: Path) -> None:
    with closing(finish(sample.make(tmp_path / "示例村.hdb", sample.PASSPHRASE, cost=TEST))) as book:
        on_the_day = finish(of_village(book, today=sample.STORY_DAY))
        years_later = finish(of_village(book, today=sample.STORY_DAY + timedelta(days=3000)))
        for whole in (on_the_day, years_later):
            wrong = {one.household_id for one in whole if one.severity == ERROR}
            assert 5 <= len(wrong) <= 15
            assert {one.severity for one in whole} == {"错误", "疑点", "提示"}
        assert {one.rule for one in on_the_day} >= {"population", "no_helper", "preschool_late", "phone_shared"}
        assert {one.rule for one in years_later} >= {"unvisited", "record_old"}


def test_households_of_two_villages_are_told_apart(book: Workbook) -> None:
    with book.writing() as session:
        first, second = sound(session), sound(session, 2)
        second.household.phone = first.household.phone
        session.flush()
        ids = first.household.id, second.household.id
    assert all("phone_shared" in found(book, id) for id in ids)
    whole = finish(of_village(book, today=TODAY))
    assert {one.household_id for one in whole} == set(ids)
    assert VILLAGE.code in {row.village for row in _households(book)}


def test_what_two_households_share_is_found_from_either_side(book: Workbook) -> None:
    with book.writing() as session:
        one, other, third = (sound(session, number) for number in (1, 2, 3))
        other.head.id_no, other.head.birth, other.head.name = one.head.id_no, one.head.birth, one.head.name
        other.household.household_no = one.household.household_no
        third.mother.member_phone = one.household.phone
        one.wife.member_phone = third.household.phone
        ids = [kept.household.id for kept in (one, other, third)]
    whole = finish(of_village(book, today=TODAY))
    with book.reading() as session:
        each = [doubt for id in ids for doubt in of_household(session, id, today=TODAY)]
    assert Counter(whole) == Counter(each)
    told = Counter(doubt.rule for doubt in whole)
    assert told == {"id_twice": 2, "number_twice": 2, "home_twice": 2, "phone_shared": 4}


def _households(book: Workbook) -> list[Household]:
    with book.reading() as session:
        return session.query(Household).all()


def test_cancelling_a_check_leaves_the_workbook_free(book: Workbook) -> None:
    home(book)
    work = of_village(book)
    next(work)
    work.close()
    with book.writing() as session:
        session.query(Household).first()
