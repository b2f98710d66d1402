"""Every form of resources/forms loads, is filled in, saved, exported and printed."""

from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

import resources
from app.archive.binder import print_archives
from app.archive.catalogue import chosen, parts
from app.archive.filled_form import entry_blocks
from app.archive.layout import pages
from app.archive.paper import frame
from app.archive.subject import subject
from app.forms.definition import BadForm, form, forms, from_text
from app.forms.entries import add_households, entry, open_entry, save_entry
from app.progress import finish
from app.sheets.filled_forms import write_entries
from db.schema.household import Member
from tests.builders import VILLAGE, household, workbook

CODES = resources.names("forms")
_VALUES = {
    "text": "=已落实", "long": "经核实，情况属实。" * 20, "decimal": Decimal(12), "money": Decimal("1234.50"),
    "date": date(2018, 9, 10), "year": 2018, "yes_no": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        with closing(workbook(tmp_path_factory.mktemp("book"))) as book:
            yield book


@pytest.fixture(scope="module")
def home(book):
    with book.writing() as session:
        return household(session).id


def value_of(field):
    if field.options:
        values = tuple(option.value for option in field.options[:2])
        return values if field.kind == "choices" else values[0]
    return _VALUES[field.kind]


def filled(book, home, code):
    """An entry with an answer to everything."""
    made = form(code)
    about = {"village": VILLAGE.code} if made.about == "village" else {"household_id": home}
    id = finish(open_entry(book, code, day=date(2018, 9, 3), **about))
    with book.reading() as session:
        found = entry(session, id)
    answers = {one.key: value_of(one.field) for one in made.plain()}
    for one in made.questions:
        if one.households:
            finish(add_households(book, id, one.key, [home]))
        elif one.kind == "rows":
            for line in one.lines or [type("Line", (), {"key": "0001-abcdef", "given": {}})]:
                for column in one.columns:
                    if column.key not in line.given:
                        answers[f"{one.key}/{line.key}/{column.key}"] = value_of(column.field)
    finish(save_entry(book, found.with_values(**answers)))
    return id, answers


@pytest.fixture(scope="module")
def full(book, home):
    """Code → an entry of that form with an answer to everything, and the answers."""
    return {code: filled(book, home, code) for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_it_says_what_it_is_and_where_it_comes_from(code):
    made = form(code)
    assert made.title
    assert made.source
    assert made.signs
    for one in made.questions:
        assert all(column.width >= 10 for column in one.columns)
        if one.fills:
            assert "." in one.fills or one.fills in {"size", "labour", "people", "operator", "group", "kind", "helper"}


@pytest.mark.parametrize("code", CODES)
def test_it_is_filled_in_and_read_back(book, full, code):
    id, answers = full[code]
    with book.reading() as session:
        found = entry(session, id)
    assert {name: found.values.get(name) for name in answers} == answers


@pytest.mark.parametrize("code", CODES)
def test_it_prints_empty_and_full(book, home, full, code):
    id, _ = full[code]
    made = form(code)
    about = {"village": VILLAGE.code} if made.about == "village" else {"household_id": home}
    with book.writing() as session:
        other = household(session, 1, number=100 + CODES.index(code)).id
    about = about if made.about == "village" else {"household_id": other}
    bare = finish(open_entry(book, code, year=1999, **about))
    _, tall = frame(landscape=False)
    with book.reading() as session:
        for one, whose in ((id, home), (bare, other)):
            for subject_of in (subject(session, whose), *([None] if made.about == "village" else [])):
                sides = pages(entry_blocks(session, entry(session, one), subject_of))
                assert all(down + piece.height <= tall + 0.02 for side in sides for down, piece in side.pieces)


@pytest.mark.parametrize("code", CODES)
def test_it_is_exported_one_row_an_entry(book, full, code, tmp_path):
    _, answers = full[code]
    out = tmp_path / "表.xlsx"
    count = finish(write_entries(book, code, out))
    rows = list(load_workbook(out).active.iter_rows(values_only=True))
    assert len(rows) == count + 1
    assert len(rows[0]) == len(rows[1])
    first = next(form(code).plain())
    written = [row[rows[0].index(first.label)] for row in rows[1:]]
    wanted = first.field.text(answers[first.key])
    assert any(wanted == str(cell) or answers[first.key] == cell for cell in written), written


def test_every_form_has_its_place_in_the_archive(book, home, full):
    placed = {
        code for name in resources.names("archive") for code in resources.read("archive", name).get("forms", ())
    } | {"quarter_account", "two_assurances_check", "housing_certification"}  # sections that compute
    assert placed == set(CODES)
    with book.reading() as session:
        empty = [part.name for part in parts() if not part.make(session, home)]
    assert not {"application", "authorization", "appraisal", "notices", "relocation", "quarter_account"} & set(empty)
    assert not {"two_assurances", "housing", "exit", "consolidation", "survey"} & set(empty)
    assert {part.name for part in chosen(None)} == {part.name for part in parts()} - {"spine"}


def test_a_notice_in_an_archive_names_only_its_own_household(book, home, full, tmp_path):
    with book.writing() as session:
        other = household(session, 1, number=77).id
        person = session.query(Member).filter_by(household_id=other).one()
        person.name = "赵某某"
    finish(add_households(book, full["public_notice"][0], "households", [other]))
    out = tmp_path / "户.pdf"
    finish(print_archives(book, [home], out, ["notices"]))
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
    with pytest.raises(BadForm, match=sentence):
        from_text("x", wrong)


def test_forms_are_found_by_their_files():
    assert sorted(one.code for one in forms()) == CODES
