"""Services that reach the people: doctors, facilities, troupes, experts, offers of work, how the village counts."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class FamilyDoctor(Record):
    """家庭医生签约: a household's contract with a doctor. docs/coverage.md 1.6-7."""

    __tablename__ = "family_doctor"
    LABEL = "家庭医生签约"
    TITLE = ("doctor", "signed_on")
    PARENT = "household_id"
    KEY = ("household_id", "signed_on")
    PRINTED = ("family_doctor", "family_doctor_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    doctor: Mapped[str | None] = column("家庭医生", required=True, short=True)
    clinic: Mapped[str | None] = column("签约机构")
    package: Mapped[str | None] = column("服务包")
    signed_on: Mapped[date | None] = column("签约日期", "date", required=True)
    valid_until: Mapped[date | None] = column("协议到期日", "date")
    ended_on: Mapped[date | None] = column("解约日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class DoctorService(Record):
    """随访服务: what the family doctor did on a day."""

    __tablename__ = "doctor_service"
    LABEL = "随访服务"
    TITLE = ("served_on",)
    PARENT = "contract_id"
    KEY = ("contract_id", "served_on")
    PRINTED = ("family_doctor", "family_doctor_ledger")

    contract_id: Mapped[str | None] = reference("家庭医生签约", "family_doctor")
    served_on: Mapped[date | None] = column("服务日期", "date", required=True)
    whom: Mapped[str | None] = column("服务对象")
    content: Mapped[str | None] = column("服务内容", sensitive=True)


class PublicFacility(Record):
    """公共服务设施: a clinic, school, road or room, and who answers for it. docs/coverage.md 2.2-3, 2.1-2."""

    __tablename__ = "public_facility"
    LABEL = "公共服务设施"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name")
    PRINTED = ("public_facility_ledger",)

    name: Mapped[str | None] = column("设施名称", required=True)
    kind: Mapped[str | None] = column("类别", "choice", options="facility_kind", required=True)
    place: Mapped[str | None] = column("地点或起止点")
    scale: Mapped[str | None] = column("规模")
    length: Mapped[Decimal | None] = column("里程", "decimal", unit="公里", minimum=0)
    surface: Mapped[str | None] = column("路面或结构")
    responsible: Mapped[str | None] = column("负责人", short=True)
    qualification: Mapped[str | None] = column("执业资格或职称")
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone")
    built_on: Mapped[date | None] = column("建成日期", "date")
    keeper: Mapped[str | None] = column("管护人", short=True)
    checked_on: Mapped[date | None] = column("最近查看日期", "date")
    condition: Mapped[str | None] = column("使用情况")
    ended_on: Mapped[date | None] = column("停用日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class CultureTeam(Record):
    """文艺队伍: an amateur troupe of the village. docs/coverage.md 1.5-4."""

    __tablename__ = "culture_team"
    LABEL = "文艺队伍"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name")
    PRINTED = ("culture_team_ledger",)

    name: Mapped[str | None] = column("队伍名称", required=True)
    genre: Mapped[str | None] = column("文艺形式")
    leader: Mapped[str | None] = column("队长", required=True, short=True)
    size: Mapped[int | None] = column("队员人数", "integer", unit="人", minimum=0)
    founded_on: Mapped[date | None] = column("成立日期", "date")
    ended_on: Mapped[date | None] = column("解散日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class CultureEvent(Record):
    """演出活动: what a troupe performed, when and where."""

    __tablename__ = "culture_event"
    LABEL = "演出活动"
    TITLE = ("title", "held_on")
    PARENT = "team_id"
    KEY = ("team_id", "title", "held_on")
    PRINTED = ("culture_team_ledger",)

    team_id: Mapped[str | None] = reference("文艺队伍", "culture_team")
    title: Mapped[str | None] = column("活动名称", required=True)
    held_on: Mapped[date | None] = column("活动日期", "date", required=True)
    place: Mapped[str | None] = column("地点")
    audience: Mapped[int | None] = column("观众人数", "integer", unit="人", minimum=0)


class ExpertService(Record):
    """科技特派员服务: an expert came, saw a problem and helped. docs/coverage.md 1.5-3."""

    __tablename__ = "expert_service"
    LABEL = "科技特派员服务"
    TITLE = ("expert", "served_on")
    PARENT = ""
    KEY = ("village", "expert", "served_on")
    PRINTED = ("expert_service_ledger", "expert_service_record")

    expert: Mapped[str | None] = column("特派员", required=True, short=True)
    unit: Mapped[str | None] = column("派出单位")
    field_of_work: Mapped[str | None] = column("技术领域")
    served_on: Mapped[date | None] = column("服务日期", "date", required=True)
    place: Mapped[str | None] = column("地点")
    problem: Mapped[str | None] = column("技术问题", "long")
    advice: Mapped[str | None] = column("指导意见", "long")
    solved_on: Mapped[date | None] = column("解决日期", "date")
    result: Mapped[str | None] = column("服务成效", "long")
    note: Mapped[str | None] = column("备注", "long")


class ExpertHousehold(Record):
    """受服务户: a household that an expert helped."""

    __tablename__ = "expert_household"
    LABEL = "受服务户"
    TITLE = ("household_id",)
    PARENT = "service_id"
    KEY = ("service_id", "household_id")
    PRINTED = ("expert_service_ledger", "expert_service_record")

    service_id: Mapped[str | None] = reference("科技特派员服务", "expert_service")
    household_id: Mapped[str | None] = reference("农户", "household")
    note: Mapped[str | None] = column("服务情况")


class JobService(Record):
    """就业服务: a post that was offered, and whom the village told of it. docs/coverage.md 2.2-4."""

    __tablename__ = "job_service"
    LABEL = "就业服务"
    TITLE = ("employer", "post")
    PARENT = ""
    KEY = ("village", "employer", "post", "offered_on")
    PRINTED = ("job_service_ledger", "job_service_roll")

    employer: Mapped[str | None] = column("用人单位", required=True)
    post: Mapped[str | None] = column("招聘岗位", required=True)
    place: Mapped[str | None] = column("工作地点")
    openings: Mapped[int | None] = column("招聘人数", "integer", unit="人", minimum=0)
    pay: Mapped[Decimal | None] = column("月工资", "money", minimum=0)
    source: Mapped[str | None] = column("信息来源")
    offered_on: Mapped[date | None] = column("发布日期", "date", required=True)
    closes_on: Mapped[date | None] = column("截止日期", "date")
    filled_on: Mapped[date | None] = column("办结日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class JobCandidate(Record):
    """推荐人员: a member who was told of a post, and what came of it."""

    __tablename__ = "job_candidate"
    LABEL = "推荐人员"
    TITLE = ("member_id",)
    PARENT = "offer_id"
    KEY = ("offer_id", "member_id")
    PRINTED = ("job_service_ledger", "job_service_roll")

    offer_id: Mapped[str | None] = reference("就业服务", "job_service")
    member_id: Mapped[str | None] = reference("村民", "member")
    wish: Mapped[str | None] = column("求职意愿")
    hired_on: Mapped[date | None] = column("上岗日期", "date")
    result: Mapped[str | None] = column("推荐结果")


class VillageStatus(Record):
    """村属性: as what the village counts from a day on. docs/coverage.md 2.1-1, 3.1-8, 4.2-3."""

    __tablename__ = "village_status"
    LABEL = "村属性"
    TITLE = ("kind", "since")
    PARENT = ""
    KEY = ("village", "kind", "since")
    PRINTED = ("village_status_ledger",)

    kind: Mapped[str | None] = column("村属性", "choice", options="village_status_kind", required=True)
    since: Mapped[date | None] = column("认定日期", "date", required=True)
    document: Mapped[str | None] = column("认定文件", short=True)
    has_team: Mapped[bool | None] = column("是否派驻工作队", "yes_no")
    team_size: Mapped[int | None] = column("驻村队员人数", "integer", unit="人", minimum=0)
    until: Mapped[date | None] = column("调整日期", "date")
    note: Mapped[str | None] = column("备注", "long")
