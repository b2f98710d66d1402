"""C01-2: the members of the household, one in each row, on a landscape sheet."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field
from app.reports import formatting
from app.reports.household_context import context_on, load_context
from db.schema.household import Member
from resources.option_roles import yes_no

ORDER = 50
TITLE = "信息采集表（家庭成员）"
LANDSCAPE = True
_COLUMNS = (8, 16, 8, 38, 14, 12, 14, 14, 22, 18, 20, 22, 10, 9, 9, 9, 9, 10)
_MAX_NOTE = 8  # characters of a note that fit its column
_MONTHS = "务工月数"
_HEADERS = (
    "序号", "姓名", "性别", "证件号码", "与户主关系", "民族", "政治面貌", "文化程度", "在校生状况", "健康状况",
    "劳动技能", "务工区域", _MONTHS, "基本医保", "大病保险", "养老保险", "低保", "备注",
)  # fmt: skip


def section(session: Session, household_id: str) -> list[Flowable]:
    """Members who have not left."""
    context = context_on(session, household_id, load_context(session, household_id).household.fill_date)
    if not context.members:
        return []
    header_rows = [TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS], min_height=11)]
    rows = [row for n, member in enumerate(context.members, 1) for row in _member_rows(n, member)]
    return [
        Title(context.terms.title("members", TITLE), "", context.household.fill_date),
        context.header_line(),
        Table(_COLUMNS, rows, header_rows, padding=0.7, min_height=9),
        *context.doubt_lines,
        SignatureBlock([SignatureField("填表人"), SignatureField("户主签字", fingerprint=True)]),
    ]


def _member_rows(n: int, member: Member) -> list[TableRow]:
    """A member's row; a note too long for its narrow column is printed below it, under the same row number."""
    centered = SMALL.aligned("center")
    if len(member.note or "") <= _MAX_NOTE:
        return [TableRow([Cell(str(n), centered), *_member_cells(member, member.note)])]
    note_cell = Cell(f"备注：{member.note}", SMALL, col_span=len(_COLUMNS) - 1)
    return [TableRow([Cell(str(n), centered, row_span=2), *_member_cells(member, "见下")]), TableRow([note_cell])]


def _member_cells(member: Member, note: str | None) -> list[Cell]:
    """All cells but the row number."""
    insured = formatting.YES if member.med_ins or member.emp_med_ins else _yes_no(member.med_ins)
    pension = formatting.YES if member.pension or member.emp_pension else _yes_no(member.pension)
    texts = [
        member.name,
        member.sex,
        member.id_no,
        member.relation,
        member.ethnic,
        member.political,
        member.education,
        member.school_status,
        "、".join(member.health or ()),
        member.labour,
        "".join(text for text in (member.work_region, member.work_place and f"（{member.work_place}）") if text),
        formatting.format_field(field("member", "work_months"), member.work_months).removesuffix("月"),
        insured,
        _yes_no(member.serious_ins),
        pension,
        _yes_no(member.dibao),
        note,
    ]
    return [
        Cell(text or formatting.EMPTY, SMALL.aligned("right" if header == _MONTHS else "center"))
        for header, text in zip(_HEADERS[1:], texts, strict=True)
    ]


def _yes_no(value: bool | None) -> str:
    return formatting.EMPTY if value is None else yes_no(value)
