"""Every paper of the folder prints, says what it must, and keeps to itself what it must not say."""

import re
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from app.errors import UserError
from app.pdf.flowables import PageBreak, SignatureBlock, concat
from app.pdf.pagination import paginate
from app.printing.pipeline import preview, print_to_path
from app.printing.print_job import PrintOptions
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.field import fields, options
from app.records.row_views import HEAD_RELATION
from app.registers.engine.row_address import RECORD_SHEET
from app.reports.blank_sheet import SheetTitle
from app.reports.parameters import ReportParameters
from app.reports.unprintable import UnprintableError
from app.reports.village import GROUPS, Report, all_reports, get_report
from app.workbook import preferences
from db.schema import records
from db.schema.exchange import AuditEntry
from db.schema.household import Household, Member
from tests import pdf_reader
from tests.app.reports.village.conftest import DAY, ReportVillage
from tests.paper_columns import misplaced_columns

_ALL = all_reports()
_NAMES = [one.name for one in _ALL]
_PUBLIC = [one.name for one in _ALL if one.public]
_BY_HAND = ("signing_roster", "handing_out", "score_sheet")
_ID = re.compile(r"\d{17}[\dXx]")
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def _report_text(fixture: ReportVillage, name: str, **choice: object) -> str:
    return pdf_reader.full_text(
        run_to_completion(preview(fixture.book, ReportJob(name, [fixture.parameters(get_report(name), **choice)])))
    )


def test_every_paper_has_a_place_and_a_name() -> None:
    assert {one.group for one in _ALL} == set(GROUPS)
    assert len({one.title for one in _ALL}) == len(_ALL)
    assert len({(one.group, one.order) for one in _ALL}) == len(_ALL)
    assert _PUBLIC  # what the tests below hold to


def test_an_empty_sheet_says_in_its_code_which_household_and_form_it_is(village: ReportVillage) -> None:
    with village.book.reading() as session:
        parameters = village.parameters(get_report("blank_poverty_application"))
        title, *_ = get_report("blank_poverty_application").build(session, parameters)
    assert isinstance(title, SheetTitle)
    assert title.code == f"HDSHEET1:poverty_application:{village.households[0]}"


def test_an_unknown_paper_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        get_report("nonsense")


@pytest.mark.parametrize("name", _NAMES)
def test_a_paper_prints_for_the_sample_village(village: ReportVillage, name: str, tmp_path: Path) -> None:
    one = get_report(name)
    result = run_to_completion(
        print_to_path(village.book, ReportJob(name, [village.parameters(one)]), tmp_path / "x.pdf")
    )
    read = pdf_reader.reader(tmp_path / "x.pdf")
    assert result.pages == len(read.pages) > 0
    assert result.files == (tmp_path / "x.pdf",)
    for page in read.pages:
        box = page.mediabox
        assert float(box.width) == pytest.approx(one.format.width / 25.4 * 72, abs=0.1)
        assert float(box.height) == pytest.approx(one.format.height / 25.4 * 72, abs=0.1)
    text = pdf_reader.full_text(tmp_path / "x.pdf")
    assert ("内部资料" in text) == (one.frame == "internal")
    with village.book.reading() as session:
        assert not [number for number in _numbers(session, "id", "bank") if number in text]  # unless asked for


@pytest.mark.parametrize("name", ["notice", "people_ledger", "contact_card"])
def test_two_readers_find_the_same_text(village: ReportVillage, name: str) -> None:
    content = run_to_completion(preview(village.book, ReportJob(name, [village.parameters(get_report(name))])))
    assert sorted(pdf_reader.full_text(content)) == sorted(pdf_reader.full_text_by_pypdf(content))


@pytest.mark.parametrize("name", [one.name for one in _ALL if one.subject == "village"])
def test_a_list_prints_for_an_empty_village(empty_village: ReportVillage, name: str) -> None:
    if name == "spine_labels":
        with pytest.raises(UserError, match="没有可以印成"):
            run_to_completion(preview(empty_village.book, ReportJob(name, [ReportParameters(today=DAY)])))
        return
    assert "石桥村" in _report_text(empty_village, name)


@pytest.mark.parametrize(
    "name", [one.name for one in _ALL if one.subject in ("round", "helper", "package", "entry", "row")]
)
def test_a_paper_about_nothing_says_what_to_choose(empty_village: ReportVillage, name: str) -> None:
    if name == "score_sheet":
        assert "四净两规范评分表" in _report_text(empty_village, name, blank=True)
        return
    with pytest.raises(UserError):
        run_to_completion(preview(empty_village.book, ReportJob(name, [ReportParameters(today=DAY)])))


@pytest.mark.parametrize("name", _NAMES)
def test_nothing_leaves_its_frame_and_signatures_stay_with_their_form(village: ReportVillage, name: str) -> None:
    one = get_report(name)
    width, tall = one.format.text_area
    with village.book.reading() as session:
        blocks = list(one.build(session, village.parameters(one)))
    assert misplaced_columns(blocks) == []
    leaf: list = []
    for block in [*blocks, PageBreak()]:
        if not isinstance(block, PageBreak):
            leaf.append(block)
            continue
        for side in paginate(leaf, width, tall) if leaf else ():
            assert all(down + piece.height <= tall + 0.02 for down, piece in side)
        if leaf and isinstance(leaf[-1], SignatureBlock):
            last = paginate(leaf, width, tall)[-1]
            assert len([piece for _, piece in last if not piece.is_space]) >= 2  # never alone on a page
            assert concat(leaf, width, tall)[-2].keep_with_next
        leaf = []


@pytest.mark.parametrize("name", _PUBLIC)
def test_what_is_posted_says_nothing_of_hardship_and_no_number(village: ReportVillage, name: str) -> None:
    text = _report_text(village, name)
    assert not _ID.search(text)
    assert not _PHONE.search(text)
    with village.book.reading() as session:
        for secret in _secrets(session):
            assert secret not in text, f"{name} says what must not be posted"


def _numbers(session, *kinds: str) -> set[str]:
    """Every number of a person that the village keeps; of some kinds only ("id", "phone", "bank") if any are named."""
    observed: set[str] = set()
    for table, model in records().items():
        for one in fields(table):
            if one.spec.mask in (kinds or ("id", "phone", "bank")):
                observed |= {value for value in session.scalars(select(getattr(model, one.name))) if value}
    return observed


def _secrets(session) -> set[str]:
    """What the village keeps of its people that a notice must not hold."""
    observed = _numbers(session)
    observed |= {option.value for name in ("poverty_cause", "disability_kind", "risk") for option in options(name)}
    observed |= {option.value for option in options("health")} | {"低保", "特困", "残疾", "患病", "慢性病"}
    observed |= {name for name in session.scalars(select(Member.illness_name)) if name}
    heads = set(session.scalars(select(Member.name).where(Member.relation == HEAD_RELATION)))
    children = select(Member.name).where(Member.birth > DAY.replace(year=DAY.year - 14))
    observed |= {name for name in session.scalars(children) if name and name not in heads}
    return observed - {"其他", "其它"}


def test_a_child_who_heads_a_household_is_not_named(village: ReportVillage) -> None:
    with village.book.writing() as session:
        household = session.scalars(select(Household).order_by(Household.household_no)).first()
        head = session.scalars(
            select(Member).where(Member.household_id == household.id, Member.relation == HEAD_RELATION)
        ).one()
        who, before = head.id, (head.name, head.birth)
        head.name, head.birth = "龘小娃", DAY.replace(year=DAY.year - 13)
    try:
        text = _report_text(village, "notice")
        assert "龘小娃" not in text
        assert "龘**" in text
    finally:
        with village.book.writing() as session:
            head = session.get(Member, who)
            head.name, head.birth = before


@pytest.mark.parametrize("name", [one.name for one in _ALL if "full" in one.parameters])
def test_numbers_are_masked_unless_asked_for_and_the_log_knows(
    village: ReportVillage, name: str, tmp_path: Path
) -> None:
    one = get_report(name)
    row = {"record": village.row("petition")} if name == RECORD_SHEET else {}  # it has a telephone
    masked = _report_text(village, name, **row)
    with village.book.reading() as session:
        numbers = _numbers(session)
    assert not [number for number in numbers if number in masked]
    assert "****" in masked
    run_to_completion(
        print_to_path(village.book, ReportJob(name, [village.parameters(one, full=True, **row)]), tmp_path / "x.pdf")
    )
    printed_text = pdf_reader.full_text(tmp_path / "x.pdf")
    assert [number for number in numbers if number in printed_text]
    with village.book.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.n.desc())).first()
    assert last.what == f"打印{one.title}（完整号码）"


def test_a_chosen_list_keeps_its_order(village: ReportVillage) -> None:
    household_ids = (village.households[5], village.households[2])
    with village.book.reading() as session:
        heads = [
            session.scalars(
                select(Member.name).where(Member.household_id == id, Member.relation == HEAD_RELATION)
            ).one()
            for id in household_ids
        ]
    text = _report_text(
        village, "notice", households=household_ids, title="关于小额信贷贴息户的公示", phone="0556-2171234"
    )
    assert "关于小额信贷贴息户的公示" in text
    assert "共2户" in text
    assert "0556-2171234" in text
    assert text.index(heads[0]) < text.index(heads[1])
    assert "公示期7天，自2018年12月20日起至2018年12月26日止" in text


def test_a_rectification_and_an_exchange_are_said(village: ReportVillage) -> None:
    ledger = _report_text(village, "rectification_ledger")
    assert "屋后排水沟堵塞" in ledger
    assert "整改-07" in ledger
    receipt = _report_text(village, "exchange_receipt")
    for text in ("交出", "镇扶贫站", "柳树沟村.hdpack", "1,234", "2018年12月18日09:30", "0123456789ABCDEF"):
        assert text in receipt


@pytest.mark.parametrize("name", _BY_HAND)
def test_a_blank_form_has_room_to_write(village: ReportVillage, name: str) -> None:
    filled, blank = _report_text(village, name), _report_text(village, name, blank=True)
    assert blank != filled
    assert "合计" not in blank


def test_blank_score_sheets_take_one_page_a_home(village: ReportVillage) -> None:
    observed = pdf_reader.page_texts(
        run_to_completion(
            preview(village.book, ReportJob("score_sheet", [village.parameters(get_report("score_sheet"), blank=True)]))
        )
    )
    assert all("第 1 页 共 1 页" in page for page in observed)


def test_printed_on_both_sides_each_form_has_a_sheet_of_its_own(village: ReportVillage) -> None:
    preferences.save(village.book, "duplex", True)
    try:
        abouts = village.parameters(get_report("score_sheet"), blank=True)
        observed = pdf_reader.page_texts(run_to_completion(preview(village.book, ReportJob("score_sheet", [abouts]))))
    finally:
        preferences.save(village.book, "duplex", False)
    assert all("评分表" in page for page in observed[::2])
    assert not "".join(observed[1::2]).strip()


def test_a_booklet_is_numbered_through(village: ReportVillage) -> None:
    observed = pdf_reader.page_texts(
        run_to_completion(preview(village.book, ReportJob("handbook", [village.parameters(get_report("handbook"))])))
    )
    assert len(observed) > 6
    assert all(f"第 {n} 页 共 {len(observed)} 页" in page for n, page in enumerate(observed, 1))


def test_cards_of_several_households_are_a_file_each(village: ReportVillage, tmp_path: Path) -> None:
    abouts = [ReportParameters(households=(id,), today=DAY) for id in village.households[:3]]
    result = run_to_completion(print_to_path(village.book, ReportJob("measures_card", abouts), tmp_path / "卡"))
    assert result.documents == len(result.files) == 3
    assert all(file.name.endswith("_明白卡.pdf") for file in result.files)
    assert not [file for file in result.files if _ID.search(file.name.partition("_")[2])]


def test_nothing_is_left_where_a_character_cannot_be_printed(village: ReportVillage, tmp_path: Path) -> None:
    about = ReportParameters(title="关于\ue123的公示", today=DAY)
    with pytest.raises(UnprintableError, match="U\\+E123"):
        run_to_completion(print_to_path(village.book, ReportJob("notice", [about]), tmp_path / "x.pdf"))
    assert list(tmp_path.iterdir()) == []
    run_to_completion(
        print_to_path(
            village.book, ReportJob("notice", [about]), tmp_path / "x.pdf", PrintOptions(substitute_missing=True)
        )
    )
    assert "〔U+E123〕" in pdf_reader.full_text(tmp_path / "x.pdf")


def test_cancelled_nothing_is_left(village: ReportVillage, tmp_path: Path) -> None:
    abouts = [ReportParameters(households=(id,), today=DAY) for id in village.households[:5]]
    for out in (tmp_path / "x.pdf", tmp_path / "folder"):
        task = print_to_path(village.book, ReportJob("answer_card", abouts), out)
        next(task)
        next(task)
        task.close()
    assert list(tmp_path.iterdir()) == []


def test_markup_is_only_text(village: ReportVillage) -> None:
    text = _report_text(village, "notice", title="<b>关于</b>&amp;‮名单")
    assert "<b>关于</b>&amp;名单" in text


def test_heads_come_again_on_each_page(village: ReportVillage) -> None:
    content = run_to_completion(
        preview(village.book, ReportJob("people_ledger", [village.parameters(get_report("people_ledger"))]))
    )
    assert all("证件号码" in page for page in pdf_reader.page_texts(content))


@pytest.mark.parametrize("one", [get_report("notice")], ids=["notice"])
def test_the_official_text_stands_in_its_frame(village: ReportVillage, one: Report) -> None:
    """GB/T 9704: 37 mm above, 28 mm at the binding; the number of the page below the frame."""
    document = pypdfium2.PdfDocument(
        run_to_completion(preview(village.book, ReportJob(one.name, [village.parameters(one)])))
    )
    try:
        text = document[0].get_textpage()
        left_edge, _, right, top = text.get_rect(0) if text.count_rects() else (0, 0, 0, 0)
        assert left_edge >= 28 / 25.4 * 72 - 1
        assert right <= (210 - 26) / 25.4 * 72 + 1
        assert top <= (297 - 37) / 25.4 * 72 + 1
        assert "— 1 —" in text.get_text_range()
        text.close()
    finally:
        document.close()
