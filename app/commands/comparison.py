"""Lists of other offices: compare."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.comparison.line import ComparedLine, masked_cells, result_label
from app.comparison.stored_lines import SavedCounts, Standing, save_comparison
from app.comparison.subject import all_subjects, get_subject
from app.progress import run_to_completion
from app.records.masking import mask_numbers, mask_text

if TYPE_CHECKING:
    from app.sheets.list_comparison import ListComparison


def add(commands: Commands) -> None:
    compare = add_command(commands, "compare", "把别的部门的名单与本工作簿比对", _compare)
    compare.add_argument("file", type=Path, metavar="FILE", help="名单；写 list 列出认得的名单种类")
    compare.add_argument("--subject", default="", metavar="S", help="名单种类的代号或名称；不写就按标题和表头认")
    compare.add_argument("--sheet", default=None, metavar="NAME", help="只比这个工作表")
    compare.add_argument(
        "--partial", action="store_true", help="名单不全：没列出的人不算“我有他无”（不写就按这种名单的惯例）"
    )
    compare.add_argument("--save", action="store_true", help="把比对结果存进工作簿；不写就只看")
    compare.add_argument("--json", action="store_true")


def _compare(args: argparse.Namespace) -> None:
    from app.sheets.list_comparison import compare_list

    if str(args.file) == "list":
        for one in all_subjects():
            print(f"{one.key}\t{one.office}\t{one.title}")
        return
    subject = get_subject(args.subject) if args.subject else None
    with open_workbook(args) as workbook:
        is_complete = False if args.partial else None
        task = compare_list(workbook, args.file, subject, sheet=args.sheet, is_complete=is_complete)
        shown = run_to_completion(task)
        saved = run_to_completion(save_comparison(workbook, shown.compared)) if args.save else None
    if args.json:
        print_json(_as_json(shown, saved))
    else:
        _print(shown, saved)


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
