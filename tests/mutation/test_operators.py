"""The sampler of faults, on sources of its own."""

import ast
import shutil

import pytest

import tests.mutation.__main__ as sampler
from tests.mutation import runner
from tests.mutation.operators import mutants
from tests.mutation.runner import Outcome


def faults(source):
    return {mutant.apply(source) for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a < b", {"x = (a <= b)", "x = (a >= b)"}),
        ("x = a and b", {"x = (a or b)", "x = (b)", "x = (a)"}),
        ("x = not a", {"x = (a)"}),
        ("x = '户' if a else 3", {"x = ('户')", "x = (3)", "x = '户' if (not (a)) else 3", "x = '户' if a else (4)"}),
        ("x = s.where(a, b)", {"x = (s.where(b))", "x = (s.where(a))"}),
        ("x = s.where(a)", {"x = (s)"}),
        ("x = [a for a in b if a]", {"x = [a for a in b if True]"}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("if a:\n    raise E(1)", {"if a:\n    pass", "if (not (a)):\n    raise E(1)"}),
        (
            "for a in b:\n    c(a)\n    continue",
            {"for a in b:\n    pass\n    continue", "for a in b:\n    c(a)\n    break"},
        ),
        ("x = f'{a[:3]}户{b + c:>5}'", {"x = f'{a[:(4)]}户{b + c:>5}'", "x = f'{a[:3]}户{(b - c):>5}'"}),
        ("户 = 1; x = True", {"户 = (2); x = True", "户 = 1; x = (False)"}),
    ],
)
def test_faults_of_a_line(source, expected):
    assert faults(source) == expected


def test_what_does_not_behave_is_left_alone():
    source = (
        '"""A module of 3 lines."""\n'
        "import logging\n"
        "if TYPE_CHECKING:\n    import x\n"
        "@dataclass(frozen=True)\nclass A:\n    a: int | None\n"
        "def f(a: int | None) -> str | None:\n"
        "    assert a > 1\n    yield Progress(0, 1)\n    log.info('%d', a + 1)\n"
    )
    assert faults(source) == set()


def test_sizes_are_left_alone_but_what_is_in_them_is_not():
    source = "_COLUMNS = (8, 16)\nx = [Spacer(10), Table((32, 138), rows, min_height=7), cache(maxsize=9), 6 * MM]\n"
    assert faults(source) == set()
    assert faults("x = Table((32, 138), not rows)") == {"x = Table((32, 138), (rows))"}


def test_every_fault_of_the_program_can_be_compiled():
    """One module of each kind; a fault that does not compile would count as noticed."""
    for path in ("app/records/assignment.py", "app/checklists/scoring.py", "db/journal/merge.py"):
        source = (sampler.ROOT / path).read_text(encoding="utf-8")
        for mutant in mutants(source):
            faulty = mutant.apply(source)
            assert faulty != source
            ast.parse(faulty)


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("app/policies/policy.py", ("tests/app/policies",)),
        ("app/reports/village/notice.py", ("tests/app/reports", "tests/app/printing")),
        (
            "db/journal/merge.py",
            (
                "tests/db",
                "tests/app/workbook",
                "tests/app/sync/test_import_undo.py",
                "tests/app/sync/test_former_monitoring.py",
                "tests/app/records/test_withdrawn_records.py",
                "tests/faults/test_cloned_disk.py",
                "tests/faults/test_rescue.py",
            ),
        ),
    ],
)
def test_faults_are_held_against_the_tests_of_their_own_area(path, tests):
    assert sampler.tests_of(path) == tests


@pytest.fixture
def small_tree(tmp_path, monkeypatch):
    """A program of one function that is tested at one end only."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\npythonpath = ['.']\n[tool.coverage.run]\nsource = ['db']\nrelative_files = true\n"
    )
    shutil.copytree(sampler.ROOT / "tests" / "mutation", tmp_path / "tests" / "mutation", ignore=sampler.LEFT_OUT)
    for name, text in {
        "db/limit.py": "def too_many(n):\n    return n > 10\n",
        "tests/db/test_limit.py": "from db.limit import too_many\n\n\ndef test_limit():\n    assert too_many(12)\n"
        "    assert not too_many(9)\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(sampler, "ROOT", tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:pytest-qt -p no:xdist -p no:benchmark")  # they take a second each time
    return tmp_path


def test_what_no_test_notices_is_named_and_the_tree_stays_as_it_was(small_tree, capsys):
    before = (small_tree / "db" / "limit.py").read_text()
    assert sampler.main(["-n", "99", "db"]) == 1
    told = capsys.readouterr().out
    assert "4 of 4 faults" in told
    assert told.count("killed  ") == 2
    assert "db/limit.py:2  n > 10  →  (n >= 10)" in told
    assert "db/limit.py:2  10  →  (11)" in told
    assert (small_tree / "db" / "limit.py").read_text() == before
    assert [sample.mutant.line for sample in sampler.samples_of("db/limit.py:2")] == [2, 2, 2, 2]
    assert sampler.samples_of("db/limit.py:1") == []


def test_tests_that_fail_without_a_fault_are_mended_first(small_tree, capsys):
    (small_tree / "tests" / "db" / "test_limit.py").write_text("def test_limit():\n    assert False\n")
    assert sampler.main(["-n", "1", "db"]) == 2
    assert "tests/db fails without any fault" in capsys.readouterr().err


@pytest.mark.parametrize(("never_ends", "bound", "lowered"), [("pass", "SLOWEST", 0.1), ("time.sleep(1)", "IDLE", 1.0)])
def test_tests_that_compute_or_wait_for_ever_hang(small_tree, monkeypatch, never_ends, bound, lowered):
    test = f"import time\n\n\ndef test_limit():\n    while True:\n        {never_ends}\n"
    (small_tree / "tests" / "db" / "test_limit.py").write_text(test)
    monkeypatch.setattr(runner, bound, lowered)
    assert runner.outcome(small_tree, ["tests/db"], 0.0) == Outcome.HUNG


def test_faults_that_made_tests_hang_are_named_in_a_column_of_their_own(small_tree, capsys):
    outcomes = [Outcome.HUNG, Outcome.KILLED, Outcome.HUNG, Outcome.KILLED]
    waiting = iter(outcomes)
    assert sampler.report(sampler.samples_of("db/limit.py"), lambda _: next(waiting)) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told[:4]] == outcomes
    assert [line.split() for line in told[5:8]] == [
        ["tests", "killed", "survived", "hung"],
        ["tests/db", "2", "0", "2"],
        ["all", "2", "0", "2"],
    ]
    assert [line.split()[0] for line in told[9:]] == [Outcome.HUNG, Outcome.HUNG]
