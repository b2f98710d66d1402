"""E02: the score sheet of each round, and the household's scores from round to round."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.results import InspectorResult, RoundResult, household_trend, unreadable_rounds
from app.checklists.scoring import ItemScore, Score, apportion
from app.checklists.template import Checklist, ChecklistItem
from app.pdf.chart import LineChart
from app.pdf.flowables import Flowable, Heading, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import CELL, LABEL, SMALL, SMALL_LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.reports import formatting
from app.reports.household_context import HouseholdContext, context_on, load_context, load_image
from app.reports.unprintable import note_unprintable
from db.schema.inspection import Answer
from resources.option_roles import yes_no

ORDER = 120
TITLE = "四净两规范评分表"
_COLUMNS = (22, 82, 16, 12, 38)
_HEADERS = ("项目", "检查要点", "结果", "得分", "情况说明")
_MAX_PHOTOS = 3
_SCORERS = "一二三"  # a group of three scores a household
_OTHER_CHECKLISTS = ("two_assurances", "housing_safety")  # printed by G01 and G02
_CENTERED = SMALL.aligned("center")


def section(session: Session, household_id: str) -> list[Flowable]:
    """The sheet of each round, the latest first, then the trend. Scored with the checklist that the round used."""
    context = load_context(session, household_id)
    for title in unreadable_rounds(session, household_id):
        note_unprintable(session, f"“{title}”的评分标准还没有收到，或是新版本的程序写的")
    rounds = tuple(
        round_result
        for round_result in household_trend(session, household_id)
        if round_result.result.checklist.code not in _OTHER_CHECKLISTS
    )
    if not rounds:
        return []
    notes = _load_answers(
        session,
        [
            inspector_result.inspection_id
            for round_result in rounds
            for inspector_result in round_result.result.inspector_results
        ],
    )
    flowables: list[Flowable] = []
    for round_result in reversed(rounds):
        inspector_result = _counted_result(round_result)
        flowables.append(
            KeepTogether(
                _score_sheet(
                    session, context, round_result, inspector_result, notes.get(inspector_result.inspection_id, {})
                )
            )
        )
    return [*flowables, *_trend_flowables(rounds)]


def round_sheet(session: Session, household_id: str, round_result: RoundResult) -> list[Flowable]:
    """The sheet of one round in which the household was inspected."""
    inspector_result = _counted_result(round_result)
    answers = _load_answers(session, [inspector_result.inspection_id]).get(inspector_result.inspection_id, {})
    return [
        KeepTogether(
            _score_sheet(session, load_context(session, household_id), round_result, inspector_result, answers)
        )
    ]


def _counted_result(round_result: RoundResult) -> InspectorResult:
    """The inspection whose score counts, the last one if several were combined."""
    return next(
        (
            inspector_result
            for inspector_result in reversed(round_result.result.inspector_results)
            if inspector_result.score is round_result.result.score
        ),
        round_result.result.inspector_results[-1],
    )


def _load_answers(session: Session, inspections: list[str]) -> dict[str, dict[str, Answer]]:
    answers: dict[str, dict[str, Answer]] = {}
    rows = session.scalars(select(Answer).where(Answer.inspection_id.in_(inspections), ~Answer.withdrawn))
    for row in rows:
        answers.setdefault(row.inspection_id or "", {})[row.check or ""] = row
    return answers


def _score_sheet(
    session: Session,
    context: HouseholdContext,
    round_result: RoundResult,
    inspector_result: InspectorResult,
    answers: dict[str, Answer],
) -> list[Flowable]:
    result = round_result.result
    title = result.checklist.title
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in _HEADERS])]
    body_rows = [row for item in result.checklist.items for row in _item_rows(item, inspector_result.score, answers)]
    inspectors = "、".join(result.inspectors)
    conclusion: list[Flowable] = [
        Table((28, 57, 28, 57), _result_rows(round_result, inspector_result, inspectors), padding=0.9, min_height=6)
    ]
    photos = [photo for photo in context.photos if photo.inspection_id == inspector_result.inspection_id][:_MAX_PHOTOS]
    if photos:
        images = [ImageCell(load_image(session, photo), (52, 40), content_hash=photo.content or "") for photo in photos]
        conclusion.append(Table([1] * len(photos), [TableRow([Cell(image) for image in images])]))
    conclusion.append(score_signatures())
    return [
        Title(f"{title}评分表", "", inspector_result.seen_on),
        context_on(session, context.household.id, inspector_result.seen_on).header_line(
            f"{round_result.round_title}　{formatting.day(inspector_result.seen_on)}"
        ),
        Table(_COLUMNS, body_rows, header_rows, padding=0.7, min_height=5.2, row_padding=0.5),
        KeepTogether(conclusion),  # nobody signs a page without the result
    ]


def score_signatures() -> SignatureBlock:
    """Places to sign on a score sheet, filled in or not: the group of three who score, and the head."""
    return SignatureBlock([SignatureField(f"评分人（{n}）签字") for n in _SCORERS] + [SignatureField("户主签字")])


def _item_rows(item: ChecklistItem, score: Score, answers: dict[str, Answer]) -> list[TableRow]:
    """An item's check points beside its name and points, which the points of the check points add up to."""
    item_score = next(candidate for candidate in score.items if candidate.code == item.code)
    earned = "—" if item_score.earned is None else formatting.number(item_score.earned)
    name = f"{item.label}\n{formatting.number(item_score.possible)}分\n得{earned}分"
    points = _check_points(item, item_score, score.checklist, answers)
    rows = []
    for n, check in enumerate(item.checks):
        note = answers[check.code].note if check.code in answers else ""
        cells = [
            Cell(f"{check.code} {check.label}", SMALL),
            Cell(_answer_value(answers, check.code) or "—", _CENTERED),
            Cell(points.get(check.code, "—"), _CENTERED),
            Cell(note or "", SMALL),
        ]
        item_cell = [Cell(name, SMALL_LABEL, row_span=len(item.checks))] if n == 0 else []
        rows.append(TableRow([*item_cell, *cells]))
    return rows


def _check_points(
    item: ChecklistItem, item_score: ItemScore, checklist: Checklist, answers: dict[str, Answer]
) -> dict[str, str]:
    """Check point → its points as printed: the item's are shared evenly among those that apply."""
    steps = {step.value: step.points for step in checklist.scale}
    shares = {
        check.code: share
        for check in item.checks
        if (share := steps.get(_answer_value(answers, check.code))) is not None
    }
    exact_points = [share * item.points / len(shares) for share in shares.values()]
    shown_points = apportion(exact_points, item_score.earned)
    return {code: formatting.number(points) for code, points in zip(shares, shown_points, strict=True)}


def _answer_value(answers: dict[str, Answer], code: str) -> str:
    return (answers[code].value or "") if code in answers else ""


def _result_rows(round_result: RoundResult, inspector_result: InspectorResult, inspectors: str) -> list[TableRow]:
    score = round_result.result.score or inspector_result.score
    points = "—" if score.points is None else f"{formatting.number(score.points)}分"
    open_checks = f"（还有 {len(score.open)} 项未评）" if score.open else ""
    inspectors_note = (
        f"（{len(round_result.result.inspector_results)} 人评分，取定结果）"
        if len(round_result.result.inspector_results) > 1
        else ""
    )
    rows = [
        TableRow(
            [
                _label_cell("总分"),
                Cell(points + open_checks + inspectors_note),
                _label_cell("等级"),
                Cell(score.grade or "—"),
            ]
        ),
        TableRow([_label_cell("评分人"), Cell(inspectors or "—"), _label_cell("是否达标"), Cell(yes_no(score.passed))]),
        TableRow([_label_cell("需整改的项目"), Cell(_to_rectify(score), col_span=3)]),
    ]
    if score.obstacles:  # 合格 may stand beside 否
        rows.insert(2, TableRow([_label_cell("未达标原因"), Cell("；".join(score.obstacles), col_span=3)]))
    hard_fail_texts = [round_result.result.checklist.check(code).hard_fail for code in score.hard_fails]
    if hard_fail_texts:
        rows.append(TableRow([_label_cell("须立即处理"), Cell("；".join(hard_fail_texts), col_span=3)]))
    if inspector_result.note:
        rows.append(TableRow([_label_cell("情况说明"), Cell(inspector_result.note, col_span=3)]))
    return rows


def _to_rectify(score: Score) -> str:
    """Each item with a failed check point or too few points, and those check points."""
    lines = []
    for item in score.checklist.items:
        if item.code in score.items_to_rectify:
            checks = "、".join(f"{check.code} {check.label}" for check in item.checks if check.code in score.failed)
            lines.append(f"{item.label}：{checks or '得分偏低'}")
    return "\n".join(lines) or "无"


def _label_cell(text: str) -> Cell:
    return Cell(text, LABEL, shaded=True)


def _trend_flowables(rounds: tuple[RoundResult, ...]) -> list[Flowable]:
    scored = [
        (round_result, round_result.result.score.points)
        for round_result in rounds
        if round_result.result.score and round_result.result.score.points is not None
    ]
    if len(scored) < 2:
        return []
    header_rows = [
        TableRow([Cell(text, LABEL, shaded=True) for text in ("轮次", "检查日期", "总分", "等级", "是否达标")])
    ]
    centered = CELL.aligned("center")
    body_rows = [
        TableRow(
            [
                Cell(round_result.round_title),
                Cell(formatting.day(round_result.result.seen_on), centered),
                Cell(formatting.number(points), CELL.aligned("right")),
                Cell((round_result.result.score.grade if round_result.result.score else "") or "—", centered),
                Cell(yes_no(round_result.result.passed), centered),
            ]
        )
        for round_result, points in scored
    ]
    names = [
        f"{round_result.started_on:%Y-%m}" if round_result.started_on else round_result.round_title
        for round_result, _ in scored
    ]
    chart = LineChart(tuple(names), tuple(float(points) for _, points in scored), "历次得分")
    return [KeepTogether([Heading("历次评分"), Table((62, 36, 22, 25, 25), body_rows, header_rows), Spacer(4), chart])]
