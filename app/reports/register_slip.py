"""Prints one row of a register as a paper of its own: 请假条, 交办单, 发放花名册, 签到表."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf.flowables import (
    Flowable,
    HeaderLine,
    KeepTogether,
    Paragraph,
    SignatureBlock,
    SignatureField,
    Spacer,
    Title,
)
from app.pdf.page_style import BODY, CELL, LABEL, MM, a4_text_area
from app.pdf.table import Table
from app.records.field import Field, Value
from app.records.row_views import age_on
from app.registers.engine.register import TEXT_WORDS, Children, Register, Roll, Slip
from app.registers.engine.rows import ChildRow, RegisterRow, child_rows, load_rows
from app.registers.engine.titles import SubjectTitle, household_titles
from app.registers.engine.widths import NUMBER_MM
from app.reports import formatting
from app.reports.blank_sheet import emptied
from app.reports.era import Terms
from app.reports.household_context import load_image
from app.reports.household_selection import CHILD_AGE, select_households
from app.reports.ledger import LedgerColumn, ledger_table
from app.reports.parameters import ReportParameters
from app.reports.photo_pair_table import photo_pair_table
from app.reports.photo_print import PhotoPrint
from app.reports.register_ledger import ledger_column, row_text, tables_below, value_text
from app.workbook.masking import mask_text
from db.schema.household import Member
from db.schema.photo import Photo

_GRID = (30, 55, 30, 55)
_BLANK_LINES = 15
_LEAST_MM = 18.0  # of a column: four characters of its name beside each other
_WRITE_ON = "＿＿＿＿＿＿"
_NO_ROW = "请在左边选一条记录。还没有的，先在台账里登记；空白的可以勾“印空表，回来手填”。"


def row_slip(register: Register, slip: Slip, session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One row, or the same paper blank.

    Raises:
        UserError: no row is chosen, or it is gone
    """
    ids = [] if parameters.blank else [parameters.record]
    rows = load_rows(session, register, ids, parameters.today, hide=not parameters.full)
    row = rows[0] if rows else None
    if row is None and not parameters.blank:
        raise UserError(_NO_ROW)
    selection = select_households(session, parameters)
    flowables: list[Flowable] = [
        Title(parameters.title or slip.title, formatting.days_in(row.title) if row and slip.roll else ""),
        HeaderLine(f"行政村：{selection.place}", row.progress.label if row and not slip.public else ""),
    ]
    if slip.columns:
        flowables.append(Table(_GRID, formatting.answer_grid(list(_answers(register, slip, row)))))
    if slip.roll:
        flowables += [Spacer(3)] if slip.columns else []
        flowables.append(_roll(session, register, slip, slip.roll, row, parameters))
    elif row and not slip.public:
        flowables += tables_below(session, register, [row], hide=not parameters.full, alone=True)
    if slip.text:
        flowables += [Spacer(3), Paragraph(_text(register, slip, row, selection.terms), BODY)]
    if slip.photographs and row:
        flowables += _photographs(session, register, slip, row)
    if slip.public:
        flowables += _notice(parameters, selection.terms.word("hotline"))
    if slip.signatures:
        fields = [SignatureField(label, seal=label.endswith("章")) for label in slip.signatures]
        flowables.append(SignatureBlock(fields))
    return flowables if row else emptied(flowables)


def _photographs(session: Session, register: Register, slip: Slip, row: RegisterRow) -> list[Flowable]:
    """One large, several beside each other; nothing where there is none."""
    shown = [(register.field(name).label, str(row.values[name] or "")) for name in slip.photographs]
    if not any(id for _, id in shown):
        return []
    if len(shown) > 1:
        return [Spacer(3), KeepTogether([photo_pair_table(session, shown)])]
    photo = session.get(Photo, shown[0][1])
    return [Spacer(3), PhotoPrint(load_image(session, photo), photo.content or "")] if photo else []


def _text(register: Register, slip: Slip, row: RegisterRow | None, era: Terms) -> str:
    """What the paper says, with lines to write on where the row says nothing."""
    words = dict.fromkeys((*slip.named_in_text, *TEXT_WORDS), _WRITE_ON)
    if row is not None:
        words |= {name: value_text(register.field(name), row.values[name]) for name in slip.named_in_text}
        words |= {name: row.texts[name] for name in slip.named_in_text if _is_told(register.field(name))}
        progress = row.progress
        words["about"] = row.subject.name or row.subject.head
        if progress.due_on and progress.days_left is not None:
            days = progress.days_left
            words["last_day"] = formatting.day(progress.due_on)
            words["days"] = f"还有 {days} 天到期" if days >= 0 else f"已经逾期 {-days} 天"
    return era.relabel(slip.text).format_map({name: text or _WRITE_ON for name, text in words.items()})


def _is_told(one: Field) -> bool:
    """Whether a column stands on paper as its text: masked, or the title of another record."""
    return bool(one.spec.mask) or one.kind == "reference"


def _answers(register: Register, slip: Slip, row: RegisterRow | None) -> Sequence[tuple[Field, Value]]:
    """Whom it is about, then the columns of the slip; what is masked or refers to a record is told by its text.

    In public an option stands without those that were not chosen.
    """
    told: list[tuple[Field, Value]] = []
    if register.subject != "village":
        about = register.field(f"{register.subject}_id")
        told.append((_as_text(about), _whom(row, public=slip.public) if row else None))
    for one in register.fields(slip.columns):
        is_text = _is_told(one) or (slip.public and one.kind in ("choice", "choices"))
        value = (row.texts[one.name] if is_text else row.values[one.name]) if row else None
        told.append((_as_text(one) if is_text else one, value))
    return told


def _whom(row: RegisterRow, *, public: bool) -> str:
    """With the unit of a helper; in public by the family name and the group alone."""
    about = row.subject
    if public:
        return "，".join(text for text in (mask_text(about.name or about.head, "name"), about.group) if text)
    return "，".join(text for text in (str(about), about.unit) if text)


def _as_text(one: Field) -> Field:
    return replace(one, spec=replace(one.spec, kind="text", mask="", refers="", options=""))


def _roll(
    session: Session,
    register: Register,
    slip: Slip,
    roll: Roll,
    row: RegisterRow | None,
    parameters: ReportParameters,
) -> Table:
    """A line for each that is listed, with its group where it is a household or a member."""
    children = register.children[0]
    below = child_rows(session, register, children, [row.id] if row else [], hide=not parameters.full)
    fields = [children.field(name) for name in roll.columns]
    people = _people(session, children, below, parameters, public=slip.public)
    columns = [ledger_column(children, one) for one in fields]
    columns = [replace(column, width_mm=max(column.width_mm, _LEAST_MM)) for column in columns]
    if children.listed:
        columns[:1] = [LedgerColumn("姓名", 28), LedgerColumn("村民组", 28)]
    columns += [LedgerColumn(label, 40) for label in roll.blanks]
    room = a4_text_area(landscape=False)[0] / MM - NUMBER_MM
    share = min(1, room / sum(column.width_mm for column in columns))  # so that the numbers keep their width
    columns = [replace(column, width_mm=share * column.width_mm) for column in columns]
    cells = []
    for one, (name, group) in sorted(zip(below, people, strict=True), key=lambda line: (line[1][1], line[1][0])):
        own = [value_text(each, one.values[each.name]) for each in fields[1:] if children.listed]
        own = [name or " ", group or " ", *own] if children.listed else [row_text(each, one) for each in fields]
        cells.append([*own, *(" " for _ in roll.blanks)])
    return ledger_table(
        columns,
        cells,
        body_style=CELL,
        header_style=LABEL,
        min_height=roll.height,
        blank_rows=0 if row else _BLANK_LINES,
        total=_totals(children, fields, below, len(columns)) if row else (),
    )


def _totals(children: Children, fields: Sequence[Field], below: Sequence[ChildRow], width: int) -> list[str]:
    """The sums below the columns that have one; nothing where none has."""
    names = [one.name for one in fields[1:]] if children.listed else [one.name for one in fields]
    if not below or not set(names) & set(children.totals):
        return []
    texts = [" "] * width
    for n, name in enumerate(names, 2 if children.listed else 0):
        if name in children.totals:
            known = [value for row in below if isinstance(value := row.values[name], int | Decimal)]
            texts[n] = value_text(children.field(name), Decimal(sum(known)))
    return texts


def _people(
    session: Session, children: Children, below: Sequence[ChildRow], parameters: ReportParameters, *, public: bool
) -> list[tuple[str, str]]:
    """Name and group of whom each line lists; in public a child is told by the family name alone."""
    if children.listed == "household":
        titles = household_titles(session, [str(row.values["household_id"]) for row in below])
        found = [titles.get(str(row.values["household_id"]), SubjectTitle()) for row in below]
        return [(one.head or one.number, one.group) for one in found]
    if children.listed != "member":
        return [("", "") for _ in below]
    ids = [row.values["member_id"] for row in below if row.values["member_id"]]
    members = {member.id: member for member in session.scalars(select(Member).where(Member.id.in_(ids)))}
    titles = household_titles(session, {member.household_id or "" for member in members.values()})
    people = []
    for row in below:
        member = members.get(str(row.values["member_id"]))
        if member is None:
            people.append((str(row.values.get("name") or ""), ""))
            continue
        age = age_on(member.birth, parameters.today)
        is_child = public and age is not None and age < CHILD_AGE
        name = mask_text(member.name or "", "name") if is_child else member.name or ""
        people.append((name, titles.get(member.household_id or "", SubjectTitle()).group))
    return people


def _notice(parameters: ReportParameters, hotline: str) -> list[Flowable]:
    """How long it is posted, and to whom objections go."""
    days = max(parameters.days, 1)
    last = parameters.today + timedelta(days=days - 1)
    return [
        Spacer(3),
        Paragraph(
            f"公示期 {days} 天，自{formatting.day(parameters.today)}起至{formatting.day(last)}止。"
            "有不同意见的，请向村民委员会或驻村工作队反映，我们为反映人保密。"
            f"监督电话：{parameters.phone or hotline}",
            BODY,
        ),
    ]
