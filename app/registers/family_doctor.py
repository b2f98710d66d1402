"""家庭医生签约: which doctor looks after which household, until when, and on which days they came."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.public_service import DoctorService, FamilyDoctor
from resources.limits import Limit

_of_contract = (DoctorService.contract_id == FamilyDoctor.id, ~DoctorService.withdrawn)
_services = (
    select(func.count()).select_from(DoctorService).where(*_of_contract).correlate(FamilyDoctor).scalar_subquery()
)

REGISTER = Register(
    record=FamilyDoctor,
    topic=Topic.SCHOOL_AND_HEALTH,
    subject="household",
    order=56,
    columns=("doctor", "clinic", "package", "signed_on", "valid_until", "services", "ended_on", "note"),
    totals=("services",),
    filters=("doctor",),
    sort="-signed_on",
    dated="signed_on",
    computed=(Computed("services", "随访次数", _services, kind="integer", places=0),),
    children=(Children(DoctorService, ("served_on", "whom", "content")),),
    steps=(
        Step("签约", "signed_on", needs=("doctor",)),
        Step("续签或解约", "ended_on", due=("valid_until",), waiting="签约中",
             warn_days=Limit("village_work")["contract_warn_days"]),
    ),
    sheet=Layout({
        "doctor": ("签约医生", "责任医生"),
        "clinic": ("签约医疗机构", "卫生室"),
        "signed_on": ("签约时间",),
        "valid_until": ("有效期至", "服务期限"),
    }),
    ledger=Ledger(
        "家庭医生签约服务台账",
        columns=("doctor", "clinic", "package", "signed_on", "valid_until", "services"),
        widths={"package": 36},
    ),
    figures=(
        Count("签约户次"),
        Sum("随访次数", "services"),
        Count("签约没有随访", where=_services == 0),
        Overdue("到期未续签"),
    ),
)  # fmt: skip
