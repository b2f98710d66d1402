"""慢病证: who holds a card for which illness, until when, and which doctor is responsible."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.health import ChronicCard
from resources.limits import Limit

REGISTER = Register(
    record=ChronicCard,
    topic=Topic.SCHOOL_AND_HEALTH,
    subject="member",
    order=35,
    columns=(
        "disease", "card_no", "applied_on", "issued_on", "valid_until", "renewed_on", "doctor", "doctor_phone", "note",
    ),
    sort="due",
    dated="issued_on",
    steps=(
        Step("申请", "applied_on", needs=("disease",)),
        Step("发证", "issued_on", needs=("card_no",)),
        Step(
            "换证", "renewed_on", due=("valid_until",), waiting="持证",
            warn_days=Limit("aid")["card_warn_days"],
        ),
    ),
    sheet=Layout({
        "disease": ("病种", "慢性病名称", "疾病名称"),
        "card_no": ("证号", "慢病证编号", "慢性病证号"),
        "issued_on": ("办证日期", "发证时间", "办证时间"),
        "valid_until": ("有效期", "有效期限", "到期日期"),
        "doctor": ("家庭医生", "签约医生"),
        "doctor_phone": ("家庭医生电话", "签约医生电话"),
    }),
    ledger=Ledger(
        "慢性病人持证和签约服务台账",
        columns=("disease", "card_no", "issued_on", "valid_until", "doctor", "doctor_phone"),
        widths={"disease": 28, "card_no": 34, "doctor_phone": 28},
    ),
    figures=(
        Count("办证数"),
        Count("持证人数", distinct="member_id", where=ChronicCard.issued_on.is_not(None)),
        Count("未发证", where=ChronicCard.issued_on.is_(None)),
        Overdue("证已过期"),
    ),
)  # fmt: skip
