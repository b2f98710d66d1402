"""Cleaning rules about land, house, water and road, by the newest year of 生产生活条件."""

from collections.abc import Iterator
from decimal import Decimal

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.field import field_label
from db.schema.housing import HousingRenovation
from resources.option_roles import values_with_role

_LAND = ("land_farm", "land_forest", "land_returned", "land_fruit", "land_grass", "land_water")
_HOUSE = ("house_area", "house_unsafe", "water_safe", "elec_life", "toilet", "road_kind", "fuel")
_FARM, _FOREST = ("land_farm", "land_grass", "land_water"), ("land_forest", "land_returned", "land_fruit")


@rule("living_missing", WARNING, "生产生活条件未填", "R074")
def living_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is registered or monitored has at least one year of living conditions."""
    if household.needs_helper and household.latest_conditions is None:
        yield finding(household.row, "这一户还没有填生产生活条件。", missing=("living_condition", "house_area"))


@rule("house_missing", ERROR, "住房饮水道路未填", "R074")
def house_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """The house's area and structure are filled in; an area of 0 ㎡ does not count."""
    conditions = household.latest_conditions
    if household.needs_helper and conditions:
        missing = [name for name in _HOUSE if getattr(conditions, name) is None]
        if conditions.house_area == 0:
            missing.insert(0, "house_area")
        if missing:
            labels = "、".join(field_label("living_condition", name) for name in missing)
            yield finding(conditions, f"{conditions.year} 年度的{labels}未填。", *missing)


@rule("land_missing", WARNING, "土地面积未填", "R070")
def land_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """The areas of land are filled in. The national system demands 0 where there is none; paper forms leave it blank,
    so this is only an issue.
    """
    conditions = household.latest_conditions
    missing = [name for name in _LAND if conditions and getattr(conditions, name) is None]
    if household.needs_helper and conditions and missing:
        labels = "、".join(field_label("living_condition", name) for name in missing)
        yield finding(conditions, f"{conditions.year} 年度的{labels}未填，没有的请填 0。", *missing)


@rule("land_large", WARNING, "土地面积异常", "R071")
def land_large(household: HouseholdFacts) -> Iterator[Finding]:
    """No more than 100 亩 of arable land or 200 of forest, and no more per head than the county allows."""
    conditions, people = household.latest_conditions, max(len(household.members), 1)
    if conditions:
        large_columns = [name for name in _FARM if (getattr(conditions, name) or 0) > threshold("land_high")]
        large_columns += [name for name in _FOREST if (getattr(conditions, name) or 0) > threshold("forest_high")]
        for name, per_head in (("land_farm", "farm_per_head"), ("land_forest", "forest_per_head")):
            if name not in large_columns and (getattr(conditions, name) or 0) / people > threshold(per_head):
                large_columns.append(name)
        if large_columns:
            yield finding(
                conditions,
                f"{conditions.year} 年度{describe_fields(conditions, *large_columns)}，请核对单位是不是亩。",
                *large_columns,
                context_values=(people,),
            )


@rule("land_returned", ERROR, "退耕还林多于林地牧草地", "R072")
def land_returned_excess(household: HouseholdFacts) -> Iterator[Finding]:
    """Returned land does not exceed forest and grassland, which it has become."""
    conditions = household.latest_conditions
    if conditions is None or conditions.land_returned is None or conditions.land_forest is None:
        return
    if conditions.land_returned > conditions.land_forest + (conditions.land_grass or Decimal()):
        columns = ("land_returned", "land_forest", "land_grass")
        yield finding(
            conditions,
            f"{conditions.year} 年度{describe_fields(conditions, *columns)}，退耕还林不能多于后两项之和。",
            *columns,
        )


@rule("irrigated_more", ERROR, "有效灌溉多于耕地", "R072")
def irrigated_excess(household: HouseholdFacts) -> Iterator[Finding]:
    """Irrigated land does not exceed arable land, of which it is a part."""
    conditions = household.latest_conditions
    if (
        conditions
        and conditions.land_irrigated is not None
        and conditions.land_farm is not None
        and conditions.land_irrigated > conditions.land_farm
    ):
        columns = ("land_irrigated", "land_farm")
        yield finding(
            conditions,
            f"{conditions.year} 年度{describe_fields(conditions, *columns)}，有效灌溉不能多于耕地。",
            *columns,
        )


@rule("road_far", WARNING, "与主干路距离异常", "R073")
def road_distance_unusual(household: HouseholdFacts) -> Iterator[Finding]:
    """The distance to the road is filled in and at most 5 km; larger values are often metres."""
    conditions = household.latest_conditions
    if (
        conditions
        and household.needs_helper
        and (conditions.road_km is None or conditions.road_km > threshold("road_km_high"))
    ):
        yield finding(
            conditions,
            f"{conditions.year} 年度{describe_fields(conditions, 'road_km')}，请核对单位是不是公里。",
            "road_km",
        )


@rule("danger_contradicts", ERROR, "是否危房与危房级别矛盾", "R078")
def danger_level_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """Levels C and D are unsafe, A and B are safe."""
    conditions = household.latest_conditions
    if conditions and conditions.house_unsafe is not None:
        is_dangerous = conditions.danger_level in values_with_role("danger_level", "danger")
        if is_dangerous != conditions.house_unsafe and (conditions.house_unsafe or conditions.danger_level):
            columns = ("house_unsafe", "danger_level")
            yield finding(
                conditions, f"{conditions.year} 年度{describe_fields(conditions, *columns)}，互相矛盾。", *columns
            )


@rule("danger_unmended", WARNING, "危房而无改造措施", "§6-25")
def danger_without_rebuilding(household: HouseholdFacts) -> Iterator[Finding]:
    """A house of level C or D has a year of rebuilding or a measure for it."""
    conditions = household.latest_conditions
    if conditions is None or conditions.danger_level not in values_with_role("danger_level", "danger"):
        return
    renovations = [row for row in household.rows_of(HousingRenovation) if row.dropped_on is None]
    mended = household.measures_of("housing") or household.measures_of("relocation") or renovations
    if not conditions.rebuild_year and not mended:
        columns = ("danger_level", "rebuild_year")
        yield finding(
            conditions, f"{conditions.year} 年度{describe_fields(conditions, *columns)}，也没有危房改造措施。", *columns
        )


@rule("unmonitored_unsafe", WARNING, "一般农户危房或饮水不安全", "R077")
def unmonitored_unsafe(household: HouseholdFacts) -> Iterator[Finding]:
    """A household with an unsafe house or unsafe water is registered or monitored."""
    conditions = household.latest_conditions
    if conditions and not household.needs_helper and (conditions.house_unsafe or conditions.water_safe is False):
        columns = ("house_unsafe", "water_safe")
        yield finding(
            conditions, f"{conditions.year} 年度{describe_fields(conditions, *columns)}，请研判是否纳入监测。", *columns
        )
