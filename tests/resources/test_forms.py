"""Every form of resources/forms loads, is filled in, saved, exported and printed."""

from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

import resources
from app.forms.definition import InvalidForm, all_forms, load_form, parse_form
from app.forms.entries import add_households, create_entry, load_entry, save_entry
from app.pdf.page_style import a4_text_area
from app.pdf.pagination import layout_pages
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import print_to_path
from app.progress import run_to_completion
from app.reports.catalogue import parts, select_parts
from app.reports.filled_form import entry_flowables
from app.reports.household_context import load_context
from app.sheets.form_export import write_entries
from app.sheets.form_layout import form_layouts
from db.schema.household import Member
from tests.builders import VILLAGE, household, workbook
from tests.machine_memory import remembering_in

CODES = resources.names("forms")
_VALUES = {
    "text": "=已落实", "long": "经核实，情况属实。" * 20, "decimal": Decimal(12), "money": Decimal("1234.50"),
    "date": date(2018, 9, 10), "year": 2018, "yes_no": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    with remembering_in(tmp_path_factory.mktemp("state")), closing(workbook(tmp_path_factory.mktemp("book"))) as book:
        yield book


@pytest.fixture(scope="module")
def household_id(book):
    with book.writing() as session:
        return household(session).id


def value_of(field):
    if field.options:
        values = tuple(option.value for option in field.options[:2])
        return values if field.kind == "choices" else values[0]
    return _VALUES[field.kind]


def fill_form(book, household_id, code):
    """An entry with an answer to everything."""
    definition = load_form(code)
    about = {"village": VILLAGE.code} if definition.subject == "village" else {"household_id": household_id}
    id = create_entry(book, code, day=date(2018, 9, 3), **about)
    with book.reading() as session:
        form_entry = load_entry(session, id)
    answers = {one.key: value_of(one.field) for one in definition.simple_questions()}
    for one in definition.questions:
        if one.households:
            add_households(book, id, one.key, [household_id])
        elif one.kind == "rows":
            for line in one.lines or [type("Line", (), {"key": "0001-abcdef", "texts": {}})]:
                for column in one.columns:
                    if column.key not in line.texts:
                        answers[f"{one.key}/{line.key}/{column.key}"] = value_of(column.field)
    save_entry(book, form_entry.with_values(**answers))
    return id, answers


@pytest.fixture(scope="module")
def full(book, household_id):
    """Code → an entry of that form with an answer to everything, and the answers."""
    return {code: fill_form(book, household_id, code) for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_it_says_what_it_is_and_where_it_comes_from(code):
    definition = load_form(code)
    assert definition.title
    assert definition.source
    assert definition.signature_places
    for one in definition.questions:
        assert all(column.width >= 10 for column in one.columns)
        if one.prefill_source:
            assert "." in one.prefill_source or one.prefill_source in {
                "size",
                "labour",
                "people",
                "operator",
                "group",
                "kind",
                "helper",
            }


@pytest.mark.parametrize("code", CODES)
def test_it_is_filled_in_and_read_back(book, full, code):
    id, answers = full[code]
    with book.reading() as session:
        form_entry = load_entry(session, id)
    assert {name: form_entry.values.get(name) for name in answers} == answers


@pytest.mark.parametrize("code", CODES)
def test_it_prints_empty_and_full(book, household_id, full, code):
    id, _ = full[code]
    definition = load_form(code)
    about = {"village": VILLAGE.code} if definition.subject == "village" else {"household_id": household_id}
    with book.writing() as session:
        other = household(session, 1, number=100 + CODES.index(code)).id
    about = about if definition.subject == "village" else {"household_id": other}
    bare = create_entry(book, code, year=1999, **about)
    _, tall = a4_text_area(landscape=False)
    with book.reading() as session:
        for one, whose in ((id, household_id), (bare, other)):
            for subject_of in (load_context(session, whose), *([None] if definition.subject == "village" else [])):
                sides = layout_pages(entry_flowables(session, load_entry(session, one), subject_of))
                assert all(down + piece.height <= tall + 0.02 for side in sides for down, piece in side.fragments)


@pytest.mark.parametrize("code", CODES)
def test_it_is_exported_one_row_an_entry(book, full, code, tmp_path):
    _, answers = full[code]
    out = tmp_path / "表.xlsx"
    count = run_to_completion(write_entries(book, code, out))
    rows = list(load_workbook(out).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == count + 1
    assert len(rows[0]) == len(rows[1])
    first = next(load_form(code).simple_questions())
    header = form_layouts(load_form(code))[0].header(first.key)
    written = [row[rows[0].index(header)] for row in rows[1:]]
    expected = first.field.text(answers[first.key])
    assert any(expected == str(cell) or answers[first.key] == cell for cell in written), written


def _lists_households(form):
    return any(question.households for question in form.questions)


def test_every_form_has_its_place_in_the_archive(book, household_id, full):
    placed = {
        code for name in resources.names("archive") for code in resources.read("archive", name).get("forms", ())
    } | {"quarter_account", "two_assurances_check", "housing_certification"}  # sections that compute
    of_households = {one.code for one in all_forms() if one.subject != "village" or _lists_households(one)}
    assert placed == of_households
    with book.reading() as session:
        empty = [part.name for part in parts() if not part.build(session, household_id)]
    assert not {"application", "authorization", "appraisal", "notices", "relocation", "quarter_account"} & set(empty)
    assert not {"two_assurances", "housing", "exit", "consolidation", "survey"} & set(empty)
    assert {part.name for part in select_parts(None)} == {part.name for part in parts()} - {"spine"}


def test_a_notice_in_an_archive_names_only_its_own_household(book, household_id, full, tmp_path):
    with book.writing() as session:
        other = household(session, 1, number=77).id
        person = session.query(Member).filter_by(household_id=other).one()
        person.name = "赵某某"
    add_households(book, full["public_notice"][0], "households", [other])
    out = tmp_path / "户.pdf"
    run_to_completion(print_to_path(book, ArchiveJob([household_id], ["notices"]), out))
    text = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert "赵某某" not in text
    assert "名单共 2 户" in text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ('title = "a"', "about"),
        ('title = "a"\nabout = "tree"\nrepeats = "once"\nquestions = [{key="k", label="l", kind="text"}]', "about"),
        ('title = "a"\nabout = "village"\nrepeats = "once"\nquestions = []', "没有题目"),
        ('title = "a"\nabout = "village"\nrepeats = "once"\nquestions = [{key="k", label="l", kind="x"}]', "“x”"),
        (
            'title = "a"\nabout = "village"\nrepeats = "once"\nquestions = [{key="note", label="l", kind="text"}]',
            "note",
        ),
        (
            'title = "a"\nabout = "village"\nrepeats = "once"\nquestions = [{key="k", label="l", kind="choice"}]',
            "选项表",
        ),
        ('title = "a"\nabout = "village"\nrepeats = "once"\nquestions = [{key="k", label="l", kind="rows"}]', "列"),
        ("title = [", "写法不对"),
    ],
)
def test_a_file_that_cannot_be_filled_in_says_why(wrong, sentence):
    with pytest.raises(InvalidForm, match=sentence):
        parse_form("x", wrong)


def test_forms_are_found_by_their_files():
    assert sorted(one.code for one in all_forms()) == CODES
