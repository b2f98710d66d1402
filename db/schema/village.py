"""Villages."""

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import ALL_COLUMNS, Record


class Village(Record):
    """An administrative village, known by its 12-digit division code; `village` and `code` are the same."""

    __tablename__ = "village"
    LABEL = "行政村"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("code",)
    REVIEWED = ALL_COLUMNS
    PRINTED = ("cover",)

    code: Mapped[str | None] = column("村代码", rule="village_code", required=True)
    name: Mapped[str | None] = column("行政村", required=True)
    province: Mapped[str | None] = column("省")
    city: Mapped[str | None] = column("市")
    county: Mapped[str | None] = column("县(市、区、旗)")
    township: Mapped[str | None] = column("乡(镇)")
    archive_class: Mapped[str | None] = column("档案全宗号")
    team_leader: Mapped[str | None] = column("第一书记", short=True)
    team_phone: Mapped[str | None] = column("第一书记电话", rule="phone", mask="phone")
    sponsor_unit: Mapped[str | None] = column("包村单位")
    era: Mapped[str | None] = column("材料用语", "choice", options="era")
