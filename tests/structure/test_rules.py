"""Each rule can fail: a small tree that breaks it, and the same tree mended, which no rule objects to."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from tests.structure import (
    citations,
    county_values,
    coverage,
    docstrings,
    features,
    glossary,
    interface_text,
    journal_access,
    naming,
    option_literals,
    portability,
    sizes,
    waits,
    wording,
)
from tests.structure.rules import RULES
from tests.structure.tree import Rule, Tree

DOC = '"""What it is for."""\n'
SCHEMA = DOC + 'class Household(Record):\n    __tablename__ = "household"\n    sex = None\n'
COLUMNS = DOC + (
    'class Member(Record):\n    __tablename__ = "member"\n'
    '    name: str = column("与户主关系")\n    kind: str = column("类别", options="kind")\n'
)
OPTIONS = 'options = [{value = "公益性岗位"}, {value = "电话"}]\n'
JOURNAL = DOC + 'class Change(LocalTable):\n    __tablename__ = "change"\n'
GLOSSARY_HEAD = "| 中文 | English | class | table | meaning |\n|---|---|---|---|---|\n"
COVERED = "docs/coverage.md"
COVERAGE_HEAD = "## Core rows\n| id | mechanism | state | words | test |\n|---|---|---|---|---|\n"
COVERAGE_OF_ONE = COVERAGE_HEAD + "| 4.3-7 | tasks | whole | `app/task.py` | `tests/test_task.py` |\n"
LISTED = "| 户 | household | `Household` | `household` | a family |\n"


def function_of(lines: int) -> str:
    return DOC + "def long() -> None:\n" + "    print()\n" * (lines - 1)


@dataclass(frozen=True)
class Case:
    """Files that break a rule, what the rule says of them, and the files that replace them to satisfy it."""

    rule: Rule
    broken: dict[str, str]
    message: str
    mended: dict[str, str]


CASES = [
    Case(
        county_values.county_value_is_not_kept,
        {"app/a.py": DOC + 'KINDS = [one.value for one in options("kind")]\n'},
        "app/a.py:2: a constant asks “options”",
        {"app/a.py": DOC + 'def kinds() -> list[str]:\n    return [one.value for one in options("kind")]\n'},
    ),
    Case(
        county_values.county_value_is_not_kept,
        {"app/a.py": DOC + '@cache\ndef days() -> int:\n    return resources.read("thresholds", "aid")["days"]\n'},
        "app/a.py:3: what “resources.read” says",
        {"app/a.py": DOC + '@cached\ndef days() -> int:\n    return resources.read("thresholds", "aid")["days"]\n'},
    ),
    Case(naming.module_is_not_a_drawer, {"app/utils.py": DOC}, "app/utils.py", {"app/masking.py": DOC}),
    Case(naming.module_is_not_a_drawer, {"ui/common/a.py": DOC}, "ui/common/a.py", {"ui/widgets/grid.py": DOC}),
    Case(naming.module_is_a_noun, {"app/about.py": DOC}, "app/about", {"app/report.py": DOC}),
    Case(naming.module_is_a_noun, {"ui/what.py": DOC}, "ui/what", {"ui/report_list.py": DOC}),
    Case(naming.module_is_a_noun, {"db/skipped.py": DOC}, "db/skipped", {"db/compacted_ranges.py": DOC}),
    Case(naming.module_is_a_noun, {"app/rows_given.py": DOC}, "“given”", {"app/given_rows.py": DOC}),
    Case(naming.module_is_a_noun, {"app/folding/size.py": DOC}, "app/folding", {"app/compaction/size.py": DOC}),
    Case(
        naming.class_name_is_unique,
        {"app/a.py": DOC + "class Entry: ...\n", "ui/b.py": DOC + "class Entry: ...\n"},
        "ui/b.py:2: class Entry",
        {"app/a.py": DOC + "class Entry: ...\n", "ui/b.py": DOC + "class EntryRow: ...\n"},
    ),
    Case(
        naming.household_is_not_a_home,
        {"app/a.py": DOC + "def open_homes(x: int) -> int:\n    return x\n"},
        "app/a.py:2: open_homes",
        {"app/a.py": DOC + "def open_households(x: int) -> int:\n    return x\n"},
    ),
    Case(
        naming.household_is_not_a_home,
        {"app/a.py": DOC + "class RoundHome: ...\n"},
        "RoundHome",
        {"app/a.py": DOC + "key = Qt.Key_Home\n"},
    ),
    Case(sizes.function_is_short, {"app/a.py": function_of(51)}, "long has 51", {"app/a.py": function_of(50)}),
    Case(
        sizes.module_is_short,
        {"app/a.py": DOC * 401},
        "app/a.py: 401 lines",
        {"db/migrations/versions/v.py": DOC * 401},
    ),
    Case(
        sizes.median_module_is_short,
        {"app/a.py": DOC * 101, "app/b.py": DOC, "app/c.py": DOC * 102},
        "the median module has 101 lines",
        {"app/a.py": DOC * 100, "app/b.py": DOC, "app/c.py": DOC * 102},
    ),
    Case(docstrings.module_has_docstring, {"app/a.py": "x = 1\n"}, "app/a.py", {"app/a.py": DOC + "x = 1\n"}),
    Case(
        docstrings.documented_name_exists,
        {
            "app/a.py": DOC
            + 'def f(x: int) -> int:\n    """F.\n\n    Args:\n        y: a number\n    """\n    return x\n'
        },
        "app/a.py:2: f has no y",
        {
            "app/a.py": DOC
            + 'def f(x: int) -> int:\n    """F.\n\n    Args:\n        x: a number\n    """\n    return x\n'
        },
    ),
    Case(
        docstrings.documented_name_exists,
        {
            "app/a.py": DOC
            + 'class A:\n    """A.\n\n    Attributes:\n        other: a number\n    """\n\n    number: int\n'
        },
        "app/a.py:2: A has no other",
        {
            "app/a.py": DOC
            + 'class A:\n    """A.\n\n    Attributes:\n        number: its value\n    """\n\n    number: int\n'
        },
    ),
    Case(
        docstrings.documented_error_exists,
        {"app/a.py": DOC + 'def f() -> None:\n    """F.\n\n    Raises:\n        Gone: never\n    """\n'},
        "app/a.py:2: f raises Gone",
        {"app/a.py": DOC + 'def f() -> None:\n    """F.\n\n    Raises:\n        KeyError: never\n    """\n'},
    ),
    Case(
        citations.cited_file_exists,
        {"app/a.py": '"""Source: docs/domain/records.md §2."""\n'},
        "docs/domain/records.md does not exist",
        {"app/a.py": '"""Source: docs/domain/records.md §2."""\n', "docs/domain/records.md": "## 2 Record\n"},
    ),
    Case(
        citations.cited_file_exists,
        {"app/a.py": DOC + "x = 1  # as app/former.py does\n"},
        "app/a.py:2: app/former.py",
        {"app/a.py": DOC + "x = 1  # as app/a.py does\n"},
    ),
    Case(
        citations.cited_file_exists,
        {"resources/a.toml": "# domain/archive.md\n"},
        "domain/archive.md",
        {"resources/a.toml": "# resources/*.toml\n"},
    ),
    Case(citations.cited_file_exists, {"README.md": "see `app/gone`"}, "app/gone", {"README.md": "no path"}),
    Case(
        citations.cited_section_exists,
        {"app/a.py": '"""docs/domain/records.md §2.3."""\n', "docs/domain/records.md": "## 2.2 Member\n"},
        "docs/domain/records.md has no section 2.3",
        {"app/a.py": '"""docs/domain/records.md §2.2."""\n', "docs/domain/records.md": "## 2.2 Member\n"},
    ),
    Case(
        citations.cited_section_exists,
        {"app/a.py": '"""docs/domain/ways.md 4.5-3, I-4."""\n', "docs/domain/ways.md": "| 4.5-3 | orders |\n"},
        "has no section I-4",
        {"app/a.py": '"""docs/domain/ways.md 4.5-3, I-4."""\n', "docs/domain/ways.md": "| 4.5-3 | a |\n| I-4 | b |\n"},
    ),
    Case(
        citations.link_target_exists,
        {"docs/a.md": "[b](pictures/b.png)"},
        "docs/a.md: the link to pictures/b.png",
        {"docs/a.md": "[b](pictures/b.png), [c](../docs/a.md#top)", "docs/pictures/b.png": ""},
    ),
    Case(
        coverage.whole_mechanism_has_file_and_test,
        {COVERED: COVERAGE_OF_ONE, "tests/test_task.py": DOC},
        "docs/coverage.md:4: 4.3-7: app/task.py does not exist",
        {"app/task.py": DOC},
    ),
    Case(
        coverage.whole_mechanism_has_file_and_test,
        {COVERED: COVERAGE_HEAD + "| 4.3-7 | tasks | whole | `app/task.py` | |\n", "app/task.py": DOC},
        "docs/coverage.md:4: 4.3-7 is whole without a file or without a test",
        {COVERED: COVERAGE_HEAD + "| 4.3-7 | tasks | partly | no test | |\n"},
    ),
    Case(
        coverage.mechanism_is_listed_once,
        {COVERED: COVERAGE_HEAD + 2 * "| 4.3-7 | tasks | no | nothing | |\n"},
        "docs/coverage.md: 4.3-7 stands there 2 times",
        {COVERED: COVERAGE_HEAD + "| 4.3-7 | tasks | no | nothing | |\n"},
    ),
    Case(
        coverage.coverage_counts_are_true,
        {COVERED: "| core | 2 | 0 | 0 |\n" + COVERAGE_OF_ONE},
        "docs/coverage.md: the counts of core are 1 | 0 | 0",
        {COVERED: "| core | 1 | 0 | 0 |\n" + COVERAGE_OF_ONE},
    ),
    Case(
        glossary.glossary_is_true,
        {"docs/glossary.md": GLOSSARY_HEAD + "| 户 | home | `Home` | `home` | a family |\n"},
        "docs/glossary.md:3: there is no class Home",
        {"docs/glossary.md": GLOSSARY_HEAD + LISTED, "db/schema/household.py": SCHEMA},
    ),
    Case(
        glossary.glossary_has_every_table,
        {"docs/glossary.md": GLOSSARY_HEAD, "db/schema/household.py": SCHEMA},
        "Household (table household) is missing",
        {"docs/glossary.md": GLOSSARY_HEAD + LISTED, "db/schema/household.py": SCHEMA},
    ),
    Case(
        interface_text.label_is_not_repeated,
        {"db/schema/member.py": COLUMNS, "ui/a.py": DOC + 'x = "与户主关系"\n'},
        "ui/a.py:2: “与户主关系”",
        {"db/schema/member.py": COLUMNS, "ui/a.py": DOC + 'x = "家庭成员"\n'},
    ),
    Case(
        journal_access.journal_sql_stays_in_journal,
        {"app/a.py": DOC + 'x = "SELECT value FROM change"\n'},
        "app/a.py:2: SQL",
        {"db/journal/a.py": DOC + 'x = "SELECT value FROM change"\n'},
    ),
    Case(
        journal_access.journal_sql_stays_in_journal,
        {"db/schema/journal.py": JOURNAL, "app/a.py": DOC + "from db.schema.journal import Change\n"},
        "app/a.py:2: Change",
        {"db/schema/journal.py": JOURNAL, "db/journal/a.py": DOC + "from db.schema.journal import Change\n"},
    ),
    Case(
        journal_access.record_write_is_a_named_operation,
        {"app/a.py": DOC + "with workbook.writing() as session: ...\n"},
        "app/a.py: a write of records has a name",
        {"app/a.py": DOC + "with workbook.operation(title) as session: ...\n"},
    ),
    Case(
        option_literals.option_is_no_literal,
        {"resources/dictionaries/kind.toml": OPTIONS, "app/a.py": DOC + 'x = "公益性岗位"\n'},
        "app/a.py:2: “公益性岗位”",
        {"resources/dictionaries/kind.toml": OPTIONS, "app/a.py": '"""公益性岗位 may be explained."""\n'},
    ),
    Case(
        option_literals.option_is_no_literal,
        {"resources/dictionaries/kind.toml": OPTIONS, "app/a.py": DOC + 'y = x == "电话"\n'},
        "app/a.py:2: “电话”",
        {"resources/dictionaries/kind.toml": OPTIONS, "app/a.py": DOC + 'head = "电话"\n'},
    ),
    Case(
        option_literals.option_is_no_literal,
        {"resources/dictionaries/kind.toml": OPTIONS, "db/schema/m.py": COLUMNS, "app/a.py": DOC + 'f(kind="电话")\n'},
        "app/a.py:2: “电话”",
        {"resources/dictionaries/kind.toml": OPTIONS, "db/schema/m.py": COLUMNS, "app/a.py": DOC + 'f(name="电话")\n'},
    ),
    Case(
        option_literals.option_is_no_literal,
        {"resources/dictionaries/kind.toml": OPTIONS, "db/a.py": DOC + "x = \"kind = '公益性岗位'\"\n"},
        "db/a.py:2",
        {"resources/dictionaries/kind.toml": OPTIONS, "db/migrations/a.py": DOC + "x = \"kind = '公益性岗位'\"\n"},
    ),
    Case(
        portability.no_registry_address,
        {"pyproject.toml": 'index-url = "https' + '://mirror.example/simple"\n'},
        "pyproject.toml: a package registry's address",
        {"pyproject.toml": 'homepage = "https://example.org"\n'},
    ),
    Case(
        portability.no_machine_path,
        {"README.md": "see /ho" + "me/somebody/notes"},
        "README.md: a path of one machine",
        {"README.md": "see docs"},
    ),
    Case(
        waits.wait_is_entered,
        {"tests/test_a.py": "    qtbot.wait" + "Signal(x.done)\n"},
        "tests/test_a.py",
        {"tests/test_a.py": "    with qtbot.wait" + "Signal(x.done):\n"},
    ),
    Case(
        features.feature_is_there_with_its_test,
        {"docs/features.md": "| feature | peer | here | test |\n| dark | X | no | `tests/a.py` |\n", "tests/a.py": DOC},
        "docs/features.md:2: dark is not there",
        {
            "docs/features.md": "| feature | peer | here | test |\n| dark | X | yes | `tests/a.py` |\n",
            "tests/a.py": DOC,
        },
    ),
    Case(
        features.feature_is_there_with_its_test,
        {"docs/features.md": "| dark | X | yes | `tests/a.py` |\n"},
        "`tests/a.py` is no test",
        {"docs/features.md": "| dark | X | yes | `tests/a.py` |\n", "tests/a.py": DOC},
    ),
    Case(
        wording.wording_is_current,
        {"ui/a.py": DOC + 'button = "拆出去"\n', "docs/manual/01.md": "按保存。\n"},
        "ui/a.py:2: “拆出去” is no longer said; say 拆分",
        {"ui/a.py": DOC + 'button = "拆分"\n', "docs/manual/01.md": "按保存。\n"},
    ),
    Case(
        wording.wording_is_current,
        {"docs/manual/01.md": "第一行\n离开一格就存\n"},
        "docs/manual/01.md:2",
        {"docs/manual/01.md": "离开一项就存，和表格式无关\n"},
    ),
    Case(
        wording.wording_is_current,
        {"resources/dictionaries/a.toml": '[[options]]\nvalue = "改本册"\nlabel = "改本册"\n'},
        "resources/dictionaries/a.toml",
        {"resources/dictionaries/a.toml": '[[options]]\nvalue = "改本册"\nlabel = "修改工作簿"\n'},
    ),
]


def written(folder: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Tree.of_folder(folder)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule.__name__}:{case.message}")
def test_a_rule_names_the_violation_and_accepts_the_mended_tree(case: Case, tmp_path: Path) -> None:
    found = list(case.rule(written(tmp_path / "broken", case.broken)))
    assert len([line for line in found if case.message in line]) == 1, found
    assert list(case.rule(written(tmp_path / "mended", case.mended))) == []


def test_every_rule_has_a_tree_that_breaks_it() -> None:
    assert {case.rule for case in CASES} == set(RULES)


def test_every_public_function_of_a_topic_is_a_rule() -> None:
    topics = {import_module(rule.__module__) for rule in RULES}
    written_down = {
        value
        for topic in topics
        for name, value in vars(topic).items()
        if callable(value) and getattr(value, "__module__", "") == topic.__name__ and not name.startswith("_")
    }
    assert written_down == set(RULES)
