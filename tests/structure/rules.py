"""The rules, in the order in which they are reported."""

from collections.abc import Iterator

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
from tests.structure.tree import Rule, Tree

RULES: tuple[Rule, ...] = (
    naming.module_is_not_a_drawer,
    naming.module_is_a_noun,
    naming.class_name_is_unique,
    naming.household_is_not_a_home,
    sizes.function_is_short,
    sizes.module_is_short,
    sizes.median_module_is_short,
    docstrings.module_has_docstring,
    docstrings.documented_name_exists,
    docstrings.documented_error_exists,
    citations.cited_file_exists,
    citations.cited_section_exists,
    citations.link_target_exists,
    coverage.whole_mechanism_has_file_and_test,
    coverage.mechanism_is_listed_once,
    coverage.coverage_counts_are_true,
    county_values.county_value_is_not_kept,
    features.feature_is_there_with_its_test,
    glossary.glossary_is_true,
    glossary.glossary_has_every_table,
    interface_text.label_is_not_repeated,
    journal_access.journal_sql_stays_in_journal,
    journal_access.record_write_is_a_named_operation,
    option_literals.option_is_no_literal,
    portability.no_registry_address,
    portability.no_machine_path,
    waits.wait_is_entered,
    wording.wording_is_current,
)


def violations(tree: Tree) -> Iterator[str]:
    """What breaks a rule, each as one line that names the file."""
    for rule in RULES:
        yield from rule(tree)
