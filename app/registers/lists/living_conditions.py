"""生产生活条件: one row a household and year."""

from app.registers.engine.register import Register
from db.schema.household import LivingCondition

LIST = Register(
    record=LivingCondition,
    subject="household",
    order=14,
    columns=(
        "year", "land_farm", "land_irrigated", "land_forest", "land_returned", "land_fruit", "land_grass",
        "land_water", "house_area", "house_structure", "house_year", "house_unsafe", "danger_level", "rebuild_year",
        "water_safe", "water_hard", "elec_prod", "elec_life", "tv", "toilet", "road_kind", "road_km", "fuel", "coop",
        "leading_firm", "leader_person", "note",
    ),
    dated="year",
)  # fmt: skip
