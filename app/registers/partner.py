"""帮扶单位: 包村单位, partner counties, enterprises and organisations, with agreements, money and visits."""

from typing import Any

from sqlalchemy import func, select

from app.registers.engine.register import (
    Children,
    Computed,
    Count,
    Layout,
    Ledger,
    Overdue,
    Register,
    Slip,
    Step,
    Sum,
)
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.social import Partner, PartnerExchange, PartnerHousehold, PartnerSupport
from db.types import ScaledDecimal
from resources.limits import Limit


def _sum(column: Any) -> Any:
    of_partner = (PartnerSupport.partner_id == Partner.id, ~PartnerSupport.withdrawn)
    total = select(func.sum(column)).where(*of_partner).correlate(Partner).scalar_subquery()
    return func.coalesce(total, 0, type_=ScaledDecimal(2))


_of_partner = (PartnerExchange.partner_id == Partner.id, ~PartnerExchange.withdrawn)
_exchanges = select(func.count()).select_from(PartnerExchange).where(*_of_partner).correlate(Partner).scalar_subquery()
VILLAGE_UNITS = Partner.kind.in_(options_of_role("partner_kind", "village_unit")) & Partner.ended_on.is_(None)

REGISTER = Register(
    record=Partner,
    topic=Topic.SOCIETY,
    subject="village",
    order=76,
    columns=(
        "unit", "kind", "leader", "contact", "phone", "agreement_no", "content", "signed_on", "valid_until",
        "promised", "arrived", "exchanges", "ended_on", "note",
    ),
    totals=("promised", "arrived", "exchanges"),
    public=("unit", "kind", "promised", "arrived"),
    filters=("kind",),
    sort="ended_on,kind,unit",
    dated="signed_on",
    computed=(
        Computed("promised", "协议金额合计", _sum(PartnerSupport.promised)),
        Computed("arrived", "到位金额合计", _sum(PartnerSupport.arrived)),
        Computed("exchanges", "往来次数", _exchanges, kind="integer", places=0),
    ),
    children=(
        Children(PartnerSupport, ("year", "matter", "promised", "arrived", "goods"), totals=("promised", "arrived")),
        Children(PartnerExchange, ("held_on", "kind", "content", "people"), totals=("people",)),
        Children(PartnerHousehold, ("household_id", "content", "amount"), totals=("amount",)),
    ),
    steps=(
        Step("签订", "signed_on", needs=("unit", "kind")),
        Step("续签或终止", "ended_on", due=("valid_until",), waiting="帮扶中",
             warn_days=Limit("village_work")["contract_warn_days"]),
    ),
    sheet=Layout({
        "unit": ("结对单位", "包村单位", "企业名称", "社会组织名称"),
        "kind": ("结对类型",),
        "agreement_no": ("协议编号", "文件号"),
        "content": ("结对帮扶内容", "帮扶内容"),
        "signed_on": ("签约日期", "结对时间"),
    }),
    ledger=Ledger(
        "结对帮扶单位台账",
        columns=("unit", "kind", "leader", "contact", "agreement_no", "signed_on", "promised", "arrived", "exchanges"),
        widths={"unit": 46, "kind": 28},
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "card", "结对帮扶协议和落实情况",
            ("kind", "leader", "contact", "agreement_no", "content", "signed_on", "valid_until", "promised", "arrived"),
            ("帮扶单位章", "村民委员会章"),
        ),
    ),
    figures=(
        Count("帮扶单位"),
        Count("现有包村单位", where=VILLAGE_UNITS),
        Sum("协议金额", "promised"),
        Sum("到位金额", "arrived"),
        Overdue("协议到期"),
    ),
)  # fmt: skip
