"""What the cleaning rules find: doubts."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from app.commands import Commands, command
from app.commands.books import opened, printed
from app.progress import finish
from app.quality.doubts import SEVERITIES, Doubt, of_village


def add(commands: Commands) -> None:
    doubts = command(commands, "doubts", "核对数据质量，列出疑点", _doubts)
    doubts.add_argument("--out", type=Path, metavar="OUT.xlsx", help="存成 Excel")
    doubts.add_argument("--settled", action="store_true", help="已核实无误的也列出来")
    doubts.add_argument("--json", action="store_true")


def _doubts(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        found = finish(of_village(workbook, settled=given.settled))
        if given.out:
            from app.sheets.doubts import write_doubts

            finish(write_doubts(workbook, found, given.out))
    if given.json:
        printed([_told(one) for one in found])
        return
    for one in found:
        print(f"{one.severity}　{one.home}　{one.called}：{one.sentence}{'（已核实无误）' if one.settled else ''}")
    counted = Counter(one.severity for one in found)
    homes = len({one.household_id for one in found})
    print("，".join(f"{severity} {counted[severity]} 条" for severity in SEVERITIES) + f"，涉及 {homes} 户。")


def _told(one: Doubt) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": one.severity,
        "source": one.source,
        "household": one.household_id,
        "head": one.home,
        "about": one.about,
        "called": one.called,
        "sentence": one.sentence,
        "fields": [f"{place.table}.{place.column}" for place in one.places],
        "settled": one.settled.reason if one.settled else None,
    }
