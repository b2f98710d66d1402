"""公共服务设施: clinics with their doctors, schools, roads and rooms of the village, who answers for them."""

from app.registers.engine.register import Count, Layout, Ledger, Register, Sum
from app.registers.engine.topic import Topic
from db.schema.public_service import PublicFacility

REGISTER = Register(
    record=PublicFacility,
    topic=Topic.FACILITIES,
    subject="village",
    order=50,
    columns=(
        "name", "kind", "place", "scale", "length", "surface", "responsible", "qualification", "phone", "built_on",
        "keeper", "checked_on", "condition", "ended_on", "note",
    ),
    totals=("length",),
    public=("name", "kind", "place", "responsible"),
    filters=("kind",),
    sort="ended_on,kind,name",
    dated="built_on",
    in_archive=False,
    sheet=Layout({
        "name": ("卫生室名称", "道路名称", "线路名称"),
        "place": ("起止地点", "所在地"),
        "responsible": ("村医", "校长", "路长"),
        "length": ("长度", "公里数"),
        "qualification": ("资格证书", "执业类别"),
    }),
    ledger=Ledger(
        "公共服务设施台账",
        columns=("name", "kind", "place", "length", "responsible", "qualification", "built_on", "keeper", "condition"),
        widths={"name": 44, "place": 40},
        signatures=("填表人", "村党组织书记"),
    ),
    figures=(
        Count("设施处数"),
        Sum("道路里程", "length"),
        Count("没有负责人", where=PublicFacility.responsible.is_(None)),
    ),
)  # fmt: skip
