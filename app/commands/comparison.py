"""Lists of other offices: compare."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.comparison.line import ComparedLine, masked_cells, result_label
from app.comparison.stored_lines import SavedCounts, Standing, save_comparison
from app.comparison.subject import Subject, all_subjects, get_subject
from app.errors import UserError
from app.progress import run_to_completion
from app.sheets.sheet import column_letters
from app.workbook.masking import mask_numbers, mask_text
from app.workbook.workbook import Workbook

if TYPE_CHECKING:
    from app.sheets.import_choices import SheetChoices
    from app.sheets.imported_sheet import ImportedSheet
    from app.sheets.list_comparison import ListComparison


def add(commands: Commands) -> None:
    compare = add_command(commands, "compare", "把别的部门的名单与本工作簿比对", _compare)
    compare.add_argument("file", type=Path, metavar="FILE", help="名单；写 list 列出认得的名单种类")
    compare.add_argument("--subject", default="", metavar="S", help="名单种类的代号或名称；不写就按标题和表头认")
    compare.add_argument("--sheet", default=None, metavar="NAME", help="只比这个工作表")
    compare.add_argument(
        "--partial", action="store_true", help="名单不全：没列出的人不算“我有他无”（不写就按这种名单的惯例）"
    )
    compare.add_argument(
        "--column", action="append", default=[], metavar="C=NAME",
        help="C 列当作什么，如 C=证件号码；可写几次，存下时记住（--save）。NAME 不写是只看、不比",
    )  # fmt: skip
    compare.add_argument("--save", action="store_true", help="把比对结果存进工作簿；不写就只看")
    compare.add_argument("--json", action="store_true")


def _compare(args: argparse.Namespace) -> None:
    from app.sheets.list_comparison import compare_list
    from app.sheets.office_list_columns import remember_columns

    if str(args.file) == "list":
        for one in all_subjects():
            print(f"{one.key}\t{one.office}\t{one.title}")
        return
    subject = get_subject(args.subject) if args.subject else None
    with open_workbook(args) as workbook:
        options = {"sheet": args.sheet, "is_complete": False if args.partial else None}
        choices: dict[str, SheetChoices] = {}
        if args.column:
            kind, sheets = _read_columns(workbook, args.file, subject, options)
            choices = {one.name: _chosen_columns(kind, one, args.column) for one in sheets}
        shown = run_to_completion(compare_list(workbook, args.file, subject, **options, choices=choices))
        if args.save and choices:
            remember_columns(workbook, shown.compared.subject, shown.sheets, choices)
        saved = run_to_completion(save_comparison(workbook, shown.compared)) if args.save else None
    if args.json:
        print_json(_as_json(shown, saved))
    else:
        _print(shown, saved)


def _read_columns(
    workbook: Workbook, file: Path, subject: Subject | None, options: dict[str, Any]
) -> "tuple[Subject, tuple[ImportedSheet, ...]]":
    """The kind of list, and its sheets with what their columns are taken for without being told."""
    from app.sheets.list_comparison import NobodyNamed, compare_list

    try:
        shown = run_to_completion(compare_list(workbook, file, subject, **options))
    except NobodyNamed as error:
        return error.subject, error.sheets
    return shown.compared.subject, shown.sheets


def _chosen_columns(subject: Subject, sheet: "ImportedSheet", told: Sequence[str]) -> "SheetChoices":
    """What the command says of columns; the others stay as they are taken.

    Raises:
        UserError: there is no such column, or nothing of that name to take it for
    """
    from app.sheets.import_choices import ColumnChoice, SheetChoices
    from app.sheets.office_list_columns import target_choices

    targets = {label.rpartition(" · ")[2].partition("（")[0]: target for target, label in target_choices(subject)}
    columns = {column_letters(column.index): column for column in sheet.columns}
    choices = {column.index: ColumnChoice(column.target, column.unit, column.year) for column in sheet.columns}
    for one in told:
        letters, _, name = one.partition("=")
        if letters not in columns or (name and name not in targets):
            raise UserError(f"“{one}”：没有“{letters}”列，或没有“{name}”这一项。可写的有：{'、'.join(targets)}。")
        choices[columns[letters].index] = ColumnChoice(targets[name] if name else "")
    return SheetChoices(choices, confirmed=True)


def _print(shown: "ListComparison", saved: SavedCounts | None) -> None:
    compared = shown.compared
    day = f"，{compared.list_date}" if compared.list_date else ""
    print(f"{compared.subject.title}（{compared.subject.office}{day}）：名单 {compared.row_count} 行")
    print("，".join(f"{result_label(result)} {count}" for result, count in compared.counts().items()))
    for line, standing in zip(compared.lines, shown.standings, strict=True):
        if standing not in ("", "decided"):
            print(_line_text(line, standing))
    for remark in shown.remarks:
        print(mask_numbers(f"提醒：“{remark.sheet}”{f'第 {remark.row} 行 ' if remark.row else ''}{remark.describe()}"))
    if saved is None:
        print("没有存（只比对）。要存进工作簿，请加 --save。")
    else:
        print(
            f"已存：新增 {saved.added} 条，有变化 {saved.changed} 条，与上次相同 {saved.unchanged} 条，"
            f"两边又一致 {saved.agreed} 条。"
        )


def _line_text(line: ComparedLine, standing: Standing) -> str:
    place = line.row.place if line.row is not None else "名单上没有"
    told = "；".join(
        [*(change.describe() for change in line.changes), *([line.explanation] if line.explanation else [])]
    )
    mark = {"new": "新", "changed": "变"}.get(standing, "")
    number = mask_text(line.number, "id") if line.number else ""
    return "\t".join((result_label(line.result), mark, place, line.name, number, mask_numbers(told)))


def _as_json(shown: "ListComparison", saved: SavedCounts | None) -> dict[str, Any]:
    """Counts under stable keys, and every line in full; ID and telephone numbers are masked."""
    compared = shown.compared
    return {
        "subject": compared.subject.key,
        "office": compared.subject.office,
        "list_date": compared.list_date.isoformat() if compared.list_date else None,
        "complete": compared.is_complete,
        "rows": compared.row_count,
        "counts": compared.counts(),
        "lines": [_line_json(line, one) for line, one in zip(compared.lines, shown.standings, strict=True)],
        "columns": [
            {
                "sheet": sheet.name,
                "column": column_letters(column.index),
                "header": column.title,
                "target": column.target,
                "unit": column.unit,
                "doubt": column.doubt,
            }
            for sheet in shown.sheets
            for column in sheet.columns
        ],
        "remark_list": [{**asdict(one), "text": mask_numbers(one.text)} for one in shown.remarks],
        "saved": asdict(saved) if saved is not None else None,
    }


def _line_json(line: ComparedLine, standing: Standing) -> dict[str, Any]:
    return {
        "result": line.result,
        "standing": standing,
        "sheet": line.row.sheet if line.row is not None else None,
        "row": line.row.row if line.row is not None else None,
        "name": line.name,
        "id_no": mask_text(line.number, "id") if line.number else "",
        "member": line.person.id if line.person is not None else None,
        "changes": [
            {"field": f"{one.table}.{one.column}", "ours": mask_numbers(one.ours), "theirs": mask_numbers(one.theirs)}
            for one in line.changes
        ],
        "explanation": mask_numbers(line.explanation),
        "cells": [list(cell) for cell in masked_cells(line.row.cells, line.row.number)] if line.row is not None else [],
    }
