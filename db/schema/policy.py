"""政策库: what the county, the province or the state gives to whom, by which document."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import ALL_COLUMNS, Record


class Policy(Record):
    """One policy: for whom it is, as conditions over fields, and which record proves that somebody has it.

    Conditions are kept as views of lists are (app/list_views/stored_form.py): `condition` over the list of households
    or of people, `proof_condition` over the register that `proof` names.
    """

    __tablename__ = "policy"
    LABEL = "政策"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name", "valid_from")
    BLANK_IN_KEY = ("valid_from",)
    REVIEWED = ALL_COLUMNS
    PRINTED = ("policy_ledger", "policy_check", "measures_card")
    EVENTS = ()

    name: Mapped[str | None] = column("政策名称", required=True)
    level: Mapped[str | None] = column("层级", "choice", options="policy_level")
    document_no: Mapped[str | None] = column("文号", hint="文件名称和文号", short=True)
    given_to: Mapped[str | None] = column("享受单位", "choice", options="policy_subject", required=True)
    whom: Mapped[str | None] = column("适用对象", "long", hint="文件里写的对象；由“设置条件”自动填写的可以改")
    condition: Mapped[str | None] = column("适用条件", "long", rule="stored_view", internal=True)
    standard: Mapped[str | None] = column("补助标准", "long", hint="如：每人每学期 1500 元")
    content: Mapped[str | None] = column("政策内容", "long", hint="印在明白卡上，写给农户看")
    proof: Mapped[str | None] = column("享受记录", "choice", options="policy_proof")
    proof_condition: Mapped[str | None] = column("享受记录的条件", "long", rule="stored_view", internal=True)
    yearly: Mapped[bool | None] = column("每年享受", "yes_no")
    valid_from: Mapped[date | None] = column("执行日期", "date")
    valid_until: Mapped[date | None] = column("废止日期", "date")
    note: Mapped[str | None] = column("备注", "long")
