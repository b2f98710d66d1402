"""What strangers and colleagues may have written, 10,000 mutants of each kind: no fault, at most 2 s and 300 MB.

HUDANG_MUTANTS says how many, HUDANG_SEED which; tests/faults/test_parser_fuzz.py reads a sample.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.faults.parser_mutants import check_refusal
from tests.faults.signed_mutants import TARGETS

MUTANTS = int(os.environ.get("HUDANG_MUTANTS", "10000"))
SEED = int(os.environ.get("HUDANG_SEED", "1"))


@pytest.mark.parametrize("kind", TARGETS)
def test_no_mutant_is_a_fault_of_the_program(tmp_path, kind, record_property):
    target = TARGETS[kind](tmp_path)
    counts = {True: 0, False: 0}

    @seed(SEED)
    @settings(
        max_examples=MUTANTS,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.data())
    def read(data):
        counts[check_refusal(target, data.draw(target.documents))] += 1

    read()
    print(f"\n{kind}: {counts[True]} refused, {counts[False]} accepted")
    record_property("mutants", sum(counts.values()))
    assert sum(counts.values()) > 0
