"""群众满意度统计表: the rate of each question and village group, and who was not content with what."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.definition import Period, year_period
from app.figures.surveys import Survey, is_good, survey
from app.pdf.flowables import Flowable, Heading, Title
from app.pdf.page_style import CELL, LABEL
from app.reports import formatting
from app.reports.era import Terms
from app.reports.household_selection import HouseholdSelection, group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.form import FormAnswer
from resources.limits import Limit

TITLE = "群众满意度统计表"
GROUP = "走访与整改"
ORDER = 92
SUBJECT = "village"
PARAMETERS = ("year",)
_LEAST = Limit("village_work")["satisfied_share"]
_RATES = {"satisfaction": "满意率", "awareness": "知晓率"}
_WISH = "wish"  # the question of the form in which a household says what it would like


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Of the year that is chosen, or of that of printing."""
    period = year_period(parameters.year or parameters.today.year)
    found, selection = survey(session, _until(period, parameters)), select_households(session, parameters)
    return [
        Title(f"{selection.village}{TITLE}", f"{period.first.year}年"),
        selection.header_line(f"在册 {len(selection.households)} 户，填了问卷 {len(found.answers)} 户"),
        *(
            table
            for dictionary, rate in _RATES.items()
            for table in _by_question(found, dictionary, rate, selection.terms)
        ),
        Heading("各村民组"),
        _by_group(found, selection),
        *_not_content(session, found, selection),
        signature_row("调查人", "审核人"),
    ]


def _until(period: Period, parameters: ReportParameters) -> Period:
    return period.until(parameters.today) if not parameters.year else period


def _by_question(found: Survey, dictionary: str, rate: str, words: Terms) -> Iterator[Flowable]:
    questions = found.of_dictionary(dictionary)
    options = list(dict.fromkeys(option.value for one in questions for option in one.field.options))
    columns = [
        LedgerColumn("题目", 74, "left"),
        *(LedgerColumn(option, 15, "right") for option in options),
        LedgerColumn(rate, 18, "right"),
    ]
    rows = []
    for one in questions:
        given = Counter(told[one.key] for told in found.answers.values() if one.key in told)
        counts = [str(given[option]) if given[option] else "—" for option in options]
        rows.append([words.relabel(one.label), *counts, _percent(found.share([one]))])
    total = [" ", *(" " for _ in options), _percent(found.share(questions))]
    yield Heading(rate)
    yield ledger_table(columns, rows, body_style=CELL, header_style=LABEL, total=total)


def _by_group(found: Survey, selection: HouseholdSelection) -> Flowable:
    columns = [
        LedgerColumn("村民组", 40),
        LedgerColumn("在册户", 22, "right"),
        LedgerColumn("调查户", 22, "right"),
        *(LedgerColumn(rate, 22, "right") for rate in _RATES.values()),
        LedgerColumn("说明", 40, "left"),
    ]
    rows = []
    for group in dict.fromkeys(group_or_hamlet(one) for one in selection.households):
        listed = [one.id for one in selection.households if group_or_hamlet(one) == group]
        asked = [id for id in listed if id in found.answers]
        content, aware = (found.share(found.of_dictionary(dictionary), asked) for dictionary in _RATES)
        told = f"满意率低于 {int(_LEAST)}%" if content is not None and content < int(_LEAST) else " "
        rows.append([group or " ", str(len(listed)), str(len(asked)), _percent(content), _percent(aware), told])
    return ledger_table(columns, rows, body_style=CELL, header_style=LABEL)


def _not_content(session: Session, found: Survey, selection: HouseholdSelection) -> Iterator[Flowable]:
    """The households with an answer that does not count as content or knowing, and what they would like."""
    wishes = dict(
        iter(
            session.execute(
                select(FormAnswer.entry_id, FormAnswer.value).where(
                    ~FormAnswer.withdrawn,
                    FormAnswer.question == _WISH,
                    FormAnswer.entry_id.in_(found.entries.values()),
                )
            ).all()
        )
    )
    rows = []
    for household in selection.households:
        told = found.answers.get(household.id, {})
        answers = [(one, told[one.key]) for one in found.questions if one.key in told]
        bad = "；".join(
            f"{selection.terms.relabel(one.label)}：{answer}" for one, answer in answers if not is_good(one, answer)
        )
        if bad:
            wish = wishes.get(found.entries[household.id]) or " "
            rows.append([group_or_hamlet(household) or " ", household.head, bad, wish])
    if rows:
        yield Heading("要回访的户")
        columns = [
            LedgerColumn("村民组", 24),
            LedgerColumn("户主", 20),
            LedgerColumn("不满意、不清楚的", 76, "left"),
            LedgerColumn("意见和建议", 48, "left"),
        ]
        yield ledger_table(columns, rows, body_style=CELL, header_style=LABEL)


def _percent(share: Decimal | None) -> str:
    return formatting.EMPTY if share is None else f"{share}%"
