"""A county words its options anew, in a copy of the dictionaries: every rule, list and figure still goes by the roles.

The copy is read by a process of its own, because a program reads its dictionaries once.
"""

import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

import resources

MARK = "〇"  # ends every option in the copy


def told(root: Path, folder: Path, mark: str) -> dict[str, Any]:
    """What the program says of the households of test_rules, with the resources of `root`.

    Imports are here: the process must know where its resources are before the first of them is read.
    """
    resources.ROOT = root
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(folder / "state"))
        from app.dashboard.summary import village_summary
        from app.issues.issues import household_issues
        from app.records.household import household_details
        from app.records.row_views import household_rows
        from tests import builders
        from tests.app.issues.clean_household import TODAY, HouseholdRows, clean_household
        from tests.app.issues.test_rules import BREAKS, HOLDS, RollBack

        def without(text: object) -> str:
            return re.sub(f"{MARK}|[0-9a-f]{{32}}", "", str(text))  # ids are random

        def of(kept: HouseholdRows) -> object:
            id = kept.household.id
            doubts = household_issues(kept.session, id, check_date=TODAY)
            # names within a sentence come in the order of random ids
            faults = sorted((one.rule, sorted(without(one.message))) for one in doubts)
            return faults, without(asdict(household_details(kept.session, id).labour))

        def of_village(kept: HouseholdRows) -> object:
            heads = [without(one.head) for one in household_rows(kept.session)]
            return heads, without(village_summary(kept.session, TODAY))

        found: dict[str, Any] = {}
        book = builders.workbook(folder)
        for kind, changes in (("breaks", BREAKS), ("holds", HOLDS)):
            for rule, change in changes.items():
                try:
                    with book.writing() as session:
                        kept = clean_household(session)
                        change(kept)
                        session.flush()
                        reword(session, mark)
                        found[f"{rule} {kind}"] = of(kept)
                        if kind == "breaks":  # what holds is a household as it should be, the same for all rules
                            found[f"{rule} in the village"] = of_village(kept)
                        raise RollBack
                except RollBack:
                    pass
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
    copy = tmp_path / "resources"
    copytree(resources.ROOT, copy, ignore=lambda folder, names: [n for n in names if n in ("fonts", "__pycache__")])
    for path in (copy / "dictionaries").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'^((?:value|sex) = ".*)"$', rf'\1{MARK}"', text, flags=re.M), encoding="utf-8")
    for name in ("thresholds/income", "yearly/medical_cost", "yearly/production_subsidy"):  # their keys are options
        path = copy / f"{name}.toml"
        text = re.sub(r'^((?:item = )?".*)"( =|$)', rf'\1{MARK}"\2', path.read_text(encoding="utf-8"), flags=re.M)
        path.write_text(re.sub(r'(key = "[^"a-z]+)"', rf'\1{MARK}"', text), "utf-8")

    (tmp_path / "usual").mkdir()
    (tmp_path / "anew").mkdir()
    with ProcessPoolExecutor(2, get_context("spawn"), max_tasks_per_child=1) as processes:
        usual = processes.submit(told, resources.ROOT, tmp_path / "usual", "")
        anew = processes.submit(told, copy, tmp_path / "anew", MARK)
        expected, said = usual.result(), anew.result()
    assert len(expected) > 150
    assert {case: one for case, one in said.items() if one != expected[case]} == {}
