"""What the columns declare of themselves: what a form insists on, what only the program writes, what is never posted.

A record that is not named here is held by no line of this file; add one with the record.
"""

from decimal import Decimal

import pytest

from app.records.field import fields

REQUIRED = {
    "village": "code name",
    "household": "",
    "member": "household_id name relation",
    "living_condition": "household_id year",
    "helper": "name",
    "assignment": "household_id helper_id started_on",
    "measure": "household_id kind title",
    "visit": "household_id visited_on visitors",
    "income_year": "household_id year",
    "income_line": "income_year_id item amount",
    "round": "checklist_id title started_on",
    "inspection": "round_id household_id inspector seen_on",
    "rectification": "source found_on problem",
    "photo": "household_id",
    "small_loan": "household_id bank amount purpose issued_on due_on",
    "loan_repayment": "loan_id paid_on",
    "village_project": "kind name",
    "attendance": "helper_id day state",
}
WRITTEN_BY_THE_PROGRAM = {
    # what older programs kept of a monitoring with the household (docs/decisions/0019-monitoring.md)
    "household": "import_extra monitor_note monitor_removed monitor_risks monitor_since",
    "member": "import_extra",
    "archive_print": "printed_at printed_by file_no content_hash parts pages draft",
    "round": "scope",
    "answer": "check",
    "form_answer": "question",
    "photo": "about_id about_table check content pages",
    "rectification": "check",
    "verdict": "rule about clash",
}
# docs/domain/privacy-and-characters.md: health, hardship and the numbers of people and accounts
NEVER_POSTED = {
    "helper": "id_no",
    "household": "bank_card_no household_attribute return_cause cause_main cause_other cause_note no_labour_fallback "
    "monitor_risks monitor_note situation",
    "member": "id_no dropout_cause health illness_name disability_no disability_kind disability_level med_rescue dibao "
    "tekun",
    "income_year": "medical_self_paid claim_income",
    "form_answer": "value",
}
MASKED = {
    "helper": {"id_no": "id", "phone": "phone"},
    "household": {"phone": "phone", "bank_card_no": "bank", "filler_phone": "phone"},
    "village": {"team_phone": "phone"},
    "member": {"id_no": "id", "disability_no": "id", "member_phone": "phone"},
}
NOT_IN_HISTORY = {
    "archive_print": "content_hash parts",
    "verdict": "rule about clash",
    "photo": "about_id about_table content",
}
# docs/domain/records.md: both ends are allowed; None is no end
LIMITS: dict[str, dict[str, tuple[int | None, int | None]]] = {
    "household": {"cause_other": (None, 2), "population": (0, 30), "residents": (0, 30), "monitor_risks": (None, 5)},
    "member": {"work_months": (0, 12), "work_income_month": (0, None), "public_job_months": (0, 12)},
    "living_condition": {
        "land_farm": (0, 100), "land_irrigated": (0, 100), "land_forest": (0, 200), "land_returned": (0, 200),
        "land_fruit": (0, 200), "land_grass": (0, 100), "land_water": (0, 100), "house_area": (0, 2000),
        "road_km": (0, 50),
    },
    "income_year": {"people": (1, 30), "medical_self_paid": (0, None), "claim_income": (0, None)},
    "income_line": {"quantity": (0, None), "unit_price": (0, None), "amount": (0, None)},
    "measure": {"amount": (0, None), "expected_gain": (0, None)},
    "small_loan": {"amount": (0, 50_000), "rate": (0, 24)},
}  # fmt: skip


def columns_with(table: str, mark: str) -> set[str]:
    return {one.name for one in fields(table) if getattr(one.spec, mark)}


@pytest.mark.parametrize(
    ("mark", "declared"),
    [
        ("required", REQUIRED),
        ("derived", WRITTEN_BY_THE_PROGRAM),
        ("sensitive", NEVER_POSTED),
        ("internal", NOT_IN_HISTORY),
    ],
)
def test_columns_are_marked_as_the_domain_says(mark: str, declared: dict[str, str]) -> None:
    assert {table: columns_with(table, mark) for table in declared} == {
        table: set(names.split()) for table, names in declared.items()
    }


def test_numbers_of_people_and_accounts_are_masked() -> None:
    masked = {table: {one.name: one.spec.mask for one in fields(table) if one.spec.mask} for table in MASKED}
    assert masked == MASKED


@pytest.mark.parametrize("table", LIMITS)
def test_limits_let_both_ends_pass_and_nothing_beyond(table: str) -> None:
    by_name = {one.name: one for one in fields(table)}
    limited = {name for name, one in by_name.items() if one.spec.minimum is not None or one.spec.maximum is not None}
    assert limited == set(LIMITS[table])
    for name, (least, most) in LIMITS[table].items():
        spec = by_name[name].spec
        assert (spec.minimum, spec.maximum) == tuple(None if end is None else Decimal(end) for end in (least, most))
