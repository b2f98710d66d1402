"""荣誉表彰: what the village, its people and its helpers were honoured with."""

from app.registers.engine.register import Count, Layout, Ledger, Register
from app.registers.engine.topic import Topic
from db.schema.social import Honour

REGISTER = Register(
    record=Honour,
    topic=Topic.SOCIETY,
    subject="village",
    order=77,
    columns=(
        "whom", "kind", "title", "level", "awarded_by", "document", "awarded_on", "household_id", "deeds", "note",
    ),
    blank_texts={"household_id": "不属于农户"},
    public=("whom", "kind", "title", "awarded_by", "awarded_on"),
    filters=("kind", "level"),
    sort="-awarded_on",
    dated="awarded_on",
    in_archive=False,
    sheet=Layout({
        "whom": ("获奖人", "获奖单位", "姓名"),
        "title": ("奖项名称", "荣誉名称"),
        "awarded_by": ("授予单位", "颁奖单位"),
        "awarded_on": ("获奖日期", "授予时间"),
    }),
    ledger=Ledger(
        "荣誉表彰台账",
        columns=("whom", "kind", "title", "level", "awarded_by", "document", "awarded_on"),
        widths={"whom": 40, "title": 50, "awarded_by": 44},
    ),
    figures=(
        Count("表彰次数"),
        Count("农户受表彰", where=Honour.household_id.is_not(None)),
    ),
)  # fmt: skip
