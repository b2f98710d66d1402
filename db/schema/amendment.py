"""What the county words, counts or allows differently from what the program brings along (resources)."""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import ALL_COLUMNS, NotPrinted, Record


class Amendment(Record):
    """What is different of one entry: an option, a limit, a column of a roster, the title of a part; or of a whole
    checklist or form. An empty column leaves the program's; docs/decisions/0021-county-data.md."""

    __tablename__ = "amendment"
    LABEL = "县级规定"
    TITLE = ("subject", "entry")
    PARENT = ""
    KEY = ("village", "kind", "name", "item")
    BLANK_IN_KEY = ("item",)
    REVIEWED = ALL_COLUMNS
    PRINTED = NotPrinted.WORDING
    EVENTS = ()

    kind: Mapped[str | None] = column("种类", "choice", options="amendment_kind", derived=True)
    name: Mapped[str | None] = column("代号", derived=True, internal=True)
    item: Mapped[str | None] = column("条目代号", derived=True, internal=True)
    subject: Mapped[str | None] = column("所属", derived=True)
    entry: Mapped[str | None] = column("条目", derived=True)
    label: Mapped[str | None] = column("名称")
    code: Mapped[str | None] = column("编号")
    aliases: Mapped[str | None] = column("其他写法", "long")
    model: Mapped[str | None] = column("比照")
    hidden: Mapped[bool | None] = column("停用", "yes_no")
    amount: Mapped[Decimal | None] = column("数值", "decimal")
    text: Mapped[str | None] = column("全文", "long")
