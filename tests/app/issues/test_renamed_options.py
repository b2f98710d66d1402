"""A county words its options anew, in a copy of the dictionaries: every rule, list and figure still goes by the roles.

The copy is read by a process of its own, because a program reads its dictionaries once; the usual wording is that of
this process.
"""

import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from typing import Any

import resources
from tests.machine_memory import remembering_in

MARK = "〇"  # ends every option in the copy


def told(root: Path, path: Path, mark: str) -> dict[str, Any]:
    """What the program says of the households of test_rules, with the resources of `root`: all live in one village.

    Args:
        path: a workbook without households, which is filled

    Imports are here: the process must know where its resources are before the first of them is read.
    """
    resources.ROOT = root
    with remembering_in(path.with_suffix(".state")):
        from app.dashboard.summary import village_summary
        from app.issues.issues import village_issues
        from app.progress import run_to_completion
        from app.records.household import labour_counts
        from app.records.row_views import household_rows, member_rows
        from app.workbook.access import unlock
        from tests.app.issues.clean_household import TODAY, clean_household
        from tests.app.issues.test_rules import BREAKS, HOLDS
        from tests.builders import PASSPHRASE

        def without(text: object) -> str:
            return re.sub(f"{MARK}|[0-9a-f]{{32}}", "", str(text))  # ids are random

        found: dict[str, Any] = {}
        book = unlock(path, PASSPHRASE)
        cases = [(f"{rule} breaks", change) for rule, change in BREAKS.items()]
        cases += [(f"{rule} holds", change) for rule, change in HOLDS.items()]
        with book.writing() as session:
            ids = {}
            for n, (case, change) in enumerate(cases):
                kept = clean_household(session, 1 + 4 * n)  # between two of them: neighbours
                change(kept)
                ids[case] = kept.household.id
            session.flush()
            reword(session, mark)
        issues = run_to_completion(village_issues(book, check_date=TODAY))
        with book.reading() as session:
            for case, id in ids.items():
                # names within a sentence come in the order of random ids
                faults = sorted((one.rule, sorted(without(one.message))) for one in issues if one.household_id == id)
                present = [member for member in member_rows(session, id) if not member.left]
                found[case] = faults, without(asdict(labour_counts(present)))
            found["heads"] = [without(one.head) for one in household_rows(session)]
            for name, figure in asdict(village_summary(session, TODAY)).items():
                found[name] = sorted(map(without, figure)) if isinstance(figure, tuple) else without(figure)
        book.close()
    return found


def reword(session: Any, mark: str) -> None:
    """Every option that a row keeps, in the wording of the copy; answers have the scale of their checklist."""
    from sqlalchemy import select

    from app.records.field import fields
    from db.filled_tables import filled_tables
    from db.schema import records
    from db.schema.policy import Policy

    for table in filled_tables(session):
        kept = [one.name for one in fields(table) if one.spec.options and (table, one.name) != ("answer", "value")]
        for row in session.scalars(select(records()[table])) if kept else ():
            for name in kept:
                value = getattr(row, name)
                if value:
                    new = tuple(one + mark for one in value) if isinstance(value, tuple) else value + mark
                    setattr(row, name, new)
    for policy in session.scalars(select(Policy)):  # whom it is for is kept as a condition, which names options too
        if policy.condition:
            policy.condition = re.sub(r'(?<=")(脱贫户|一般农户)(?=")', rf"\1{mark}", policy.condition)
    session.flush()


def test_rules_lists_and_figures_go_by_roles(tmp_path: Path) -> None:
    from tests import builders

    copy = tmp_path / "resources"
    copytree(resources.ROOT, copy, ignore=lambda folder, names: [n for n in names if n in ("fonts", "__pycache__")])
    for path in (copy / "dictionaries").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'^((?:value|sex) = ".*)"$', rf'\1{MARK}"', text, flags=re.M), encoding="utf-8")
    for name in ("thresholds/income", "yearly/medical_cost", "yearly/production_subsidy"):  # their keys are options
        path = copy / f"{name}.toml"
        text = re.sub(r'^((?:item = )?".*)"( =|$)', rf'\1{MARK}"\2', path.read_text(encoding="utf-8"), flags=re.M)
        path.write_text(re.sub(r'(key = "[^"a-z]+)"', rf'\1{MARK}"', text), "utf-8")

    usual, anew = (tmp_path / f"{name}.hdb" for name in ("usual", "anew"))
    builders.workbook(tmp_path, usual.name).close()
    builders.workbook(tmp_path, anew.name).close()
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        said_anew = processes.submit(told, copy, anew, MARK)
        expected = told(resources.ROOT, usual, "")
        said = said_anew.result()
    breaks = {case.removesuffix(" breaks"): one for case, one in expected.items() if case.endswith(" breaks")}
    assert len(breaks) > 150
    assert [rule for rule, (faults, _) in breaks.items() if rule not in dict(faults)] == []
    assert {case: one for case, one in said.items() if one != expected[case]} == {}
