"""帮扶联系人: one row a helper."""

from app.registers.engine.register import Register
from db.schema.aid import Helper

LIST = Register(
    record=Helper,
    group="",
    subject="village",
    order=12,
    columns=(
        "name", "sex", "id_no", "political", "unit", "unit_type", "affiliation", "post", "rank", "phone",
        "is_first_secretary", "is_team_leader", "is_team_member", "note",
    ),
    sort="unit,name",
    listed=Helper.merged_into.is_(None),
)  # fmt: skip
