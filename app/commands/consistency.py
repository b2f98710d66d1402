"""待录入清单 and 三者一致: what other places hold of households beside this workbook."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.consistency.entry_list import CHANGED, NOT_ENTERED, EntryLine, entry_lines, mark_entered
from app.consistency.systems import entry_systems
from app.consistency.three_way import AGREEMENT_STATES, FactLine, agreement_share, fact_lines
from app.errors import UserError
from app.progress import run_to_completion
from app.workbook.roles import REVEAL


def add(commands: Commands) -> None:
    entry = add_command(commands, "entry-list", "列出要录入各系统的内容，或标记为已录入", _entry_list)
    entry.add_argument("--system", default="", choices=["", *(system.key for system in entry_systems())])
    entry.add_argument("--changed", action="store_true", help="只列录入以后有变动的")
    entry.add_argument("--mark", action="store_true", help="列出以后全部标记为已录入（一次操作，可以撤销）")
    entry.add_argument("--out", type=Path, metavar="OUT.xlsx", help="存成 Excel")
    entry.add_argument("--full", action="store_true", help="证件号码和电话写全，不写就只写头尾")
    entry.add_argument("--reason", default="", metavar="TEXT", help="为什么要写全，记入日志")
    entry.add_argument("--json", action="store_true")
    consistency = add_command(commands, "consistency", "核对系统、档案、实际三者是否一致", _consistency)
    consistency.add_argument("--out", type=Path, metavar="OUT.xlsx", help="存成 Excel")
    consistency.add_argument("--json", action="store_true")


def _entry_list(args: argparse.Namespace) -> None:
    reason = args.reason.strip() if args.full else ""
    if args.full and not reason:
        raise UserError("要写完整号码（--full），请用 --reason 写明事由；事由会记入日志。")
    states = (CHANGED,) if args.changed else (NOT_ENTERED, CHANGED)
    with open_workbook(args) as workbook:
        if args.full:
            workbook.require(REVEAL, "写出完整号码")
        lines = run_to_completion(entry_lines(workbook, args.system, states=states))
        if args.out:
            from app.sheets.consistency_export import write_entry_lines

            run_to_completion(write_entry_lines(workbook, lines, args.out, reason=reason))
        elif args.full:
            workbook.audit(f"列出待录入清单（完整号码，事由：{reason}）", len(lines))
        if args.mark:
            mark_entered(workbook, lines)
    if args.json:
        print_json([_entry_json(line, hide=not args.full) for line in lines])
        return
    for line in lines:
        print(
            f"{line.system.place}　{line.household.head}　{line.screen.title} {line.title}"
            f"　{line.state}　{line.content(hide=not args.full)}"
        )
    counts = Counter(line.state for line in lines)
    marked = "，已全部标记为已录入" if args.mark else ""
    print(f"未录入 {counts[NOT_ENTERED]} 条，有变动 {counts[CHANGED]} 条{marked}。")


def _consistency(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        lines = run_to_completion(fact_lines(workbook))
        with workbook.reading() as session:
            share = agreement_share(session)
        if args.out:
            from app.sheets.consistency_export import write_fact_lines

            run_to_completion(write_fact_lines(workbook, lines, args.out))
    if args.json:
        print_json([_fact_json(line) for line in lines])
        return
    counts = Counter(line.state for line in lines)
    print("，".join(f"{state} {counts[state]} 项" for state in AGREEMENT_STATES))
    print(f"{share.households} 户里三者一致 {share.agreeing} 户（{share.percent}%），有不一致的 {share.different} 户。")


def _entry_json(line: EntryLine, *, hide: bool) -> dict[str, Any]:
    return {
        "system": line.system.key,
        "screen": line.screen.title,
        "household": line.household.id,
        "head": line.household.head,
        "table": line.table,
        "record": line.record_id,
        "called": line.title,
        "state": line.state,
        "known_at": line.known_at or None,
        "fields": [
            {
                "column": one.column,
                "label": one.label,
                "before": one.texts(hide=hide)[0],
                "after": one.texts(hide=hide)[1],
                "by": one.changed_by or None,
                "at": one.changed_at.isoformat(" ", "seconds") if one.changed_at else None,
            }
            for one in line.differences
        ],
    }


def _fact_json(line: FactLine) -> dict[str, Any]:
    places = {"system": line.system, "archive": line.archive, "actual": line.actual}
    return {
        "household": line.household.id,
        "head": line.household.head,
        "table": line.table,
        "record": line.record_id,
        "called": line.title,
        "column": line.column,
        "label": line.field.label,
        "state": line.state,
        "corrections": list(line.corrections),
        "value": line.text(line.value),
        **{
            name: {"value": line.text(place.value), "at": place.at, "by": place.by, "basis": place.basis}
            if place
            else None
            for name, place in places.items()
        },
    }
