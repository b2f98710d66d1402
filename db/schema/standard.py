"""Lines that the county sets for a year: what an income, an allowance or a wage is measured by."""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import ALL_COLUMNS, Record


class Standard(Record):
    """One line of one year; it stands before what the program brings along."""

    __tablename__ = "standard"
    LABEL = "年度标准"
    TITLE = ("year", "kind")
    PARENT = ""
    KEY = ("village", "year", "kind")
    REVIEWED = ALL_COLUMNS
    PRINTED = ("standard_ledger",)

    year: Mapped[int | None] = column("年度", "year", required=True, past=True)
    kind: Mapped[str | None] = column("标准", "choice", options="standard_kind", required=True)
    amount: Mapped[Decimal | None] = column("金额", "money", minimum=1, maximum=1000000, required=True)
    source: Mapped[str | None] = column("依据文件", hint="文件名称和文号")
    confirmed: Mapped[bool | None] = column("已核对", "yes_no")
    note: Mapped[str | None] = column("备注", "long")
