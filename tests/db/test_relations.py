"""Each kind of record declares what the program asks of it, and db/schema/relations.py answers from that."""

from contextlib import closing
from datetime import date

import pytest
from sqlalchemy import Column, MetaData, String, Table

from db.schema import records, relations
from db.schema.aid import Assignment, Helper, Measure
from db.schema.column import ColumnSpec
from db.schema.declaration_check import declaration_errors
from db.schema.employment import PublicJob, PublicJobMonth
from db.schema.form import FormAnswer, FormEntry, FormVersion
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.record import Event, NoKey, NotPrinted, derived_id
from db.text_search import row_terms, searched_columns, searched_tables
from tests.builders import VILLAGE, household, workbook


@pytest.mark.parametrize("table", records())
def test_every_kind_of_record_is_declared(table):
    assert declaration_errors(records()[table]) == []


def _trial(**declared):
    """A kind of record that somebody begins to write."""
    reference = ColumnSpec("户", "reference", refers="household")
    columns = [
        Column("id", String, primary_key=True),
        Column("name", String, info={"declared": ColumnSpec("名称")}),
        Column("household_id", String, info={"declared": reference}),
    ]
    defaults = {"LABEL": "试验", "BLANK_IN_KEY": (), "ALTERNATE_KEYS": ()}
    return type("Trial", (), {"__table__": Table("trial", MetaData(), *columns)} | defaults | declared)


WHOLE = {"TITLE": ("name",), "PARENT": "household_id", "KEY": ("household_id", "name"), "PRINTED": ("trials",)}


def test_a_whole_declaration_is_accepted():
    assert declaration_errors(_trial(**WHOLE)) == []
    assert declaration_errors(_trial(**WHOLE | {"KEY": NoKey.EVENT, "PRINTED": NotPrinted.WORKING_NOTE})) == []


@pytest.mark.parametrize("attribute", WHOLE)
def test_what_is_not_declared_is_named(attribute):
    declared = {name: value for name, value in WHOLE.items() if name != attribute}
    (error,) = declaration_errors(_trial(**declared))
    assert error.startswith(f"trial: {attribute} is missing: ")
    if attribute != "PARENT":
        (error,) = declaration_errors(_trial(**WHOLE | {attribute: ()}))
        assert error.startswith(f"trial: {attribute} is empty: ")


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"TITLE": ("nom",)}, "TITLE names nom, which is no column"),
        ({"KEY": ("name", "nom")}, "KEY names nom, which is no column"),
        ({"ALTERNATE_KEYS": (("nom",),)}, "ALTERNATE_KEYS names nom, which is no column"),
        ({"PARENT": "nom"}, "PARENT names nom, which is no column"),
        ({"EVENTS": (Event("定名", ("named_on",)),)}, "EVENTS names named_on, which is no column"),
        ({"EVENTS": (Event("定名", ("name",), ("nom",)),)}, "EVENTS names nom, which is no column"),
        ({"PARENT": "name"}, "PARENT names name, which is no reference"),
        ({"BLANK_IN_KEY": ("id",)}, "BLANK_IN_KEY names id, which is not in KEY"),
        ({"PRINTED": "trials"}, "PRINTED is neither names of parts nor a NotPrinted"),
    ],
)
def test_a_wrong_name_is_named(declared, sentence):
    assert declaration_errors(_trial(**WHOLE | declared)) == [f"trial: {sentence}"]


def test_everything_of_a_household_hangs_below_it_in_an_order_that_can_be_walked():
    below = relations.tables_below("household")
    assert {"member", "income_line", "answer", "form_answer", "photo", "assignment"} <= set(below)
    assert {"household", "village", "helper", "round", "form_used"}.isdisjoint(below)
    for n, table in enumerate(below):
        assert relations.parent_table(table) in ("household", *below[:n])
    assert relations.tables_below("income_year") == ("income_line", "income_origin")
    assert relations.tables_below("answer") == ()


def test_references_are_told_both_ways():
    assert relations.references("photo") == (
        ("household_id", "household"),
        ("visit_id", "visit"),
        ("inspection_id", "inspection"),
        ("entry_id", "form_entry"),
        ("before_id", "photo"),
    )
    assert {("measure", "member_id"), ("form_entry", "member_id")} <= set(relations.referrers("member"))
    assert relations.parent_column("answer") == "inspection_id"
    assert relations.parent_table("helper") == ""


def test_a_table_of_a_newer_program_is_answered_for(tmp_path):
    assert relations.record_label("solar_roof") == "新版本的记录"
    assert relations.parent_column("solar_roof") == relations.parent_table("solar_roof") == ""
    assert relations.title_from_cells("solar_roof", {"name": "甲"}) == ""
    assert relations.key_columns("solar_roof") == relations.printed_in("solar_roof") == ()
    with closing(workbook(tmp_path)) as book, book.reading() as session:
        assert relations.record_title(session, "solar_roof", "a") == ""


def test_titles_from_cells():
    assert relations.title_from_cells("household", {"household_no": "001", "group_name": "下屋组"}) == "001（下屋组）"
    assert relations.title_from_cells("income_year", {"year": 2018}) == "2018年"
    assert relations.title_from_cells("inspection", {"seen_on": date(2018, 6, 1), "inspector": "甲"}) == "2018-06-01 甲"
    assert (
        relations.title_from_cells("assignment", {"helper_id": "x"}, lambda table, row: f"{table} {row}") == "helper x"
    )
    assert relations.title_from_cells("assignment", {"helper_id": "x"}) == ""


def test_titles_of_records_follow_references(tmp_path):
    book = workbook(tmp_path)
    village = VILLAGE.code
    with book.writing() as session:
        home = household(session, members=2).id
        session.add(Helper(id="a" * 32, village=village, name="赵干部"))
        session.add(Assignment(id="b" * 32, village=village, household_id=home, helper_id="a" * 32))
        session.add(FormVersion(id="c" * 32, village=village, title="脱贫验收表"))
        session.add(FormEntry(id="d" * 32, village=village, household_id=home, form_id="c" * 32, year=2018))
        session.add(FormAnswer(id="e" * 32, village=village, entry_id="d" * 32, question="opinion"))
        session.add(IncomeYear(id=IncomeYear.id_of(home, 2018), village=village, household_id=home, year=2018))
        session.flush()
        assert relations.record_title(session, "household", home) == "陈卫国（下屋组）"
        assert relations.record_title(session, "assignment", "b" * 32) == "赵干部"
        assert relations.record_title(session, "form_answer", "e" * 32) == "2018年 脱贫验收表"
        assert relations.record_title(session, "income_year", IncomeYear.id_of(home, 2018)) == "2018年"
        assert relations.record_title(session, "helper", "0" * 32) == ""
        assert relations.ancestor_ids(session, "form_answer", ["e" * 32, "0" * 32]) == {"e" * 32: home}
        assert relations.ancestor_ids(session, "helper", ["a" * 32]) == {}
        session.add(PublicJob(id="f" * 32, village=village, member_id=Member.id_of(f"{village}00101")))
        session.add(PublicJobMonth(id="0" * 32, village=village, job_id="f" * 32, month="2018-06"))
        session.flush()
        below = relations.rows_below(session, "household", [home])
        assert {table: rows for table, rows in below.items() if rows} == {
            "assignment": ["b" * 32],
            "form_entry": ["d" * 32],
            "income_year": [IncomeYear.id_of(home, 2018)],
            "member": sorted(Member.id_of(f"{village}0010{n}") for n in (1, 2)),
            "form_answer": ["e" * 32],
            "public_job": ["f" * 32],
            "public_job_month": ["0" * 32],
        }
    book.close()


def test_derived_ids_follow_the_key_and_stay_what_they_were():
    assert Household.id_of("001") == derived_id("household", "001")
    assert LivingCondition.id_of("a", 2018) == derived_id("living_condition", "a", 2018)
    assert (
        IncomeLine.id_of("a", "低保金")
        == IncomeLine.id_of("a", "低保金", "")
        == derived_id("income_line", "a", "低保金", "")
    )
    assert Assignment.id_of("a", "b", None) == derived_id("assignment", "a", "b", "")
    for values in ((), ("a",), ("a", 2018, "b")):
        with pytest.raises(TypeError, match="living_condition"):
            LivingCondition.id_of(*values)


def test_two_rows_are_one_by_any_key_and_none_by_what_is_empty():
    def person(row, **cells):
        return {"id": row, "household_id": "h"} | cells

    kept = [
        person("a", id_no="1x ", name="甲", birth=date(2000, 1, 1)),
        person("b", name="乙", birth=date(2001, 1, 1)),
        person("c"),
    ]
    other = [
        person("d", name="甲", birth=date(2000, 1, 1)),
        person("e", id_no="1X"),
        person("f", name="乙", birth=date(2001, 1, 1)),
        person("g", name="乙"),
        person("h"),
    ]
    assert list(relations.same_key_pairs("member", kept, other)) == [("a", "e"), ("b", "f")]
    benefit = {"id": "m", "household_id": "h", "kind": "产业", "title": "光伏"}
    assert list(relations.same_key_pairs("measure", [benefit], [benefit | {"id": "n"}])) == [("m", "n")]
    assert list(relations.same_key_pairs("measure", [benefit], [benefit | {"id": "n", "year": 2018}])) == []
    assert list(relations.same_key_pairs("archive_print", [benefit], [benefit])) == []


def test_rows_that_are_the_same_thing_are_found(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        home = household(session, members=1).id
        rows = [
            Measure(id=letter * 32, village=VILLAGE.code, household_id=home, kind="产业帮扶", title=title)
            for letter, title in (("a", "光伏"), ("b", "光伏"), ("c", "茶园"), ("d", "光伏"))
        ]
        rows[-1].withdrawn = True
        session.add_all(rows)
        session.flush()
        cells = {"id": "a" * 32, "household_id": home, "kind": "产业帮扶", "title": "光伏"}
        assert relations.rows_with_same_key(session, "measure", cells) == ["b" * 32]
        assert relations.rows_with_same_key(session, "measure", cells | {"year": 2018}) == []
        head = {"id_no": session.get(Member, Member.id_of(f"{VILLAGE.code}00101")).id_no, "household_id": home}
        assert relations.rows_with_same_key(session, "member", head) == [Member.id_of(f"{VILLAGE.code}00101")]
    book.close()


def test_where_it_is_printed():
    assert relations.is_printed("measure")
    assert "measures" in relations.printed_in("measure")
    assert not relations.is_printed("archive_print")


def test_what_is_searched_belongs_to_the_household_that_is_found():
    assert set(searched_tables()) >= {"household", "member"}
    assert {relations.parent_table(table) for table in searched_tables()} <= {"", "household"}
    assert [table for table in searched_tables() if not relations.parent_table(table)] == ["household"]


@pytest.mark.parametrize("table", searched_tables())
def test_terms_follow_from_how_a_column_is_searched(table):
    values = {"number": "34088810", "name": "仇和", "text": "上屋10号"}
    expected = {
        "number": "34088810 8810 088810",
        "name": "仇 和 chouhe ch he h qiuhe qh juhe jh",
        "text": "上 屋 号 10",
    }
    kinds = list(searched_columns(table).values())
    for n, kind in enumerate(kinds):
        row = [values[kind] if n == m else None for m in range(len(kinds))]
        assert set(row_terms(table, *row).split()) == set(expected[kind].split())
