"""What a list says of 防返贫监测 and of measures, as records beside the household."""

from collections.abc import Iterator, Mapping

from app.errors import ValidationError
from app.records.field import Value, field, options
from app.sheets.workbook_snapshot import RecordValues, WorkbookSnapshot
from db.former_monitoring import household_kind_of
from db.schema.aid import Measure
from db.schema.monitoring import Monitoring
from resources.option_roles import values_with_role

MONITORING_TABLES = ("monitoring", "risk", "measure")  # what their columns' targets begin with
Values = dict[str, Value]
Merged = Mapping[tuple[str, str], Value]  # (table, column) → value, as the rows of one household say it


def monitoring_values(merged: Merged) -> Values:
    """The cells of the monitoring record; the risks stand in up to five columns."""
    values = {name: value for (table, name), value in merged.items() if table == "monitoring"}
    told = [value for (table, _), value in merged.items() if table == "risk" and isinstance(value, tuple)]
    if told:
        named = {risk for risks in told for risk in risks}
        values["risks"] = tuple(one.value for one in options("risk") if one.value in named)
    return values


def separate_kinds(household: Values, monitoring: Values, existing: RecordValues | None) -> None:
    """户类型 and 监测对象类别 are two facts, also where a list writes 边缘易致贫户 under 户类型.

    A household of which only the monitoring is told gets the kind that goes with it, if the workbook knows none.
    """
    if household.get("household_kind") in values_with_role("household_kind", "monitored"):
        monitoring.setdefault("kind", household.pop("household_kind"))
    own_kind = household_kind_of(str(monitoring.get("kind")))
    if own_kind and not household.get("household_kind") and not (existing and existing["household_kind"]):
        household["household_kind"] = own_kind


def planned_monitoring(snapshot: WorkbookSnapshot, household_id: str, values: Values) -> tuple[str, Values]:
    """Which record a list speaks of, and its values: the one of that month, else the open one, else a new one.

    A household that is monitored again, after all former records were removed, gets a record that names the last.
    """
    rows = {
        row_id: row
        for row_id, row in snapshot.records["monitoring"].items()
        if row["household_id"] == household_id and not row["withdrawn"]
    }
    identified = values.get("identified")
    same_month = [row_id for row_id, row in rows.items() if identified and row["identified"] == identified]
    running = [row_id for row_id, row in rows.items() if not row["removed"] and not row["excluded_on"]]
    ended = sorted((row_id for row_id in rows if rows[row_id]["removed"]), key=lambda one: str(rows[one]["removed"]))
    if not identified and not running and values.get("removed"):
        same_month = ended[-1:]
    found = (same_month or running)[:1]
    if found:
        return found[0], values
    before: Values = {"return_of_id": ended[-1]} if ended else {}
    return Monitoring.id_of(household_id, identified), {"household_id": household_id, **values, **before}


def planned_measures(
    snapshot: WorkbookSnapshot, household_id: str, year: int, merged: Merged
) -> Iterator[tuple[str, str, Values]]:
    """(kind, id, values) of a measure for each column of measures that says more than no.

    The national export has a column for each kind; its cell says which measure, or only 是. Where it says no more than
    that, a measure of this kind and year that is there already is meant.
    """
    there = {
        (row["kind"], row["year"])
        for row in snapshot.records["measure"].values()
        if row["household_id"] == household_id and not row["withdrawn"]
    }
    for (table, kind), value in merged.items():
        if table != "measure" or not isinstance(value, str):
            continue
        answer = yes_or_no(value)
        if answer is False or (answer and (kind, year) in there):
            continue
        title = kind if answer else value
        values: Values = {"household_id": household_id, "kind": kind, "title": title, "year": year}
        yield kind, Measure.id_of(household_id, None, kind, title, year), values


def yes_or_no(text: str) -> bool | None:
    """What a cell says that only says whether; None where it says more."""
    try:
        return bool(field("member", "dibao").parse(text))  # any column of yes and no
    except ValidationError:
        return None


def removal_remark(row_values: Mapping[str, Value], monitoring: Values) -> str:
    """What is doubtful about 风险是否已消除 beside 消除监测时间; "" where nothing is."""
    told = row_values.get("row.risk_removed")
    label = field("monitoring", "removed").label
    if told is True and not monitoring.get("removed"):
        return f"写的是风险已消除，但没有“{label}”，仍按监测中收。请补上时间"
    if told is False and monitoring.get("removed"):
        return f"写的是风险未消除，却有“{label}”，请核对"
    return ""
