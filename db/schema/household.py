"""Households, the people in them, and how they live. Fields and lists: docs/domain/records.md §2.1–2.3."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, derived_id, reference


class Household(Record):
    """One registered or monitored household. Its head is the member whose relation is 户主; its size is counted."""

    __tablename__ = "household"
    __table_args__ = (
        # the list of households, in its order
        Index(
            "ix_household_listed",
            "village",
            "group_name",
            "household_no",
            "id",
            sqlite_where=text("withdrawn = 0 AND merged_into IS NULL"),
        ),
    )
    LABEL = "户"
    TITLE = ("household_no", "group_name")
    PARENT = ""
    KEY = ("household_no",)
    PRINTED = ("cover", "overview", "information", "household_ledger")
    EVENTS = (
        Event("建档立卡", ("register_date",), ("ident_standard", "cause_main")),
        Event("脱贫", ("exit_year",)),
        Event("返贫", ("return_year",), ("return_cause",)),
        Event("纳入监测", ("monitor_since",), ("monitor_risks",)),
        Event("消除监测", ("monitor_removed",)),
    )

    household_no: Mapped[str | None] = column("户编号", rule="household_no", search="number")
    hamlet: Mapped[str | None] = column("自然村", search="name", short=True)
    group_name: Mapped[str | None] = column("村民组", search="name", short=True)
    address: Mapped[str | None] = column("家庭住址", search="text")
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone", search="number")
    bank_name: Mapped[str | None] = column("开户银行")
    bank_card_no: Mapped[str | None] = column("银行卡号", rule="bank_card", mask="bank", sensitive=True)
    ident_standard: Mapped[str | None] = column("识别标准", "choice", options="ident_standard")
    household_attribute: Mapped[str | None] = column(
        "贫困户属性", "choice", options="household_attribute", sensitive=True
    )
    exit_status: Mapped[str | None] = column("脱贫属性", "choice", options="exit_status")
    household_kind: Mapped[str | None] = column("户类型", "choice", options="household_kind")
    registration_state: Mapped[str | None] = column("登记状态", "choice", options="registration_state")
    register_date: Mapped[str | None] = column("建档立卡时间", "month")
    plan_exit_year: Mapped[int | None] = column("计划脱贫年度", "year")
    exit_year: Mapped[int | None] = column("脱贫年度", "year")
    return_year: Mapped[int | None] = column("返贫年度", "year")
    return_cause: Mapped[str | None] = column("返贫原因", "choice", options="poverty_cause", sensitive=True)
    cause_main: Mapped[str | None] = column("主要致贫原因", "choice", options="poverty_cause", sensitive=True)
    cause_other: Mapped[tuple[str, ...] | None] = column(
        "其他致贫原因", "choices", options="poverty_cause", maximum=2, sensitive=True
    )
    cause_note: Mapped[str | None] = column("致贫原因说明", "long", sensitive=True)
    is_military_family: Mapped[bool | None] = column("是否军烈属", "yes_no")
    is_one_child: Mapped[bool | None] = column("是否独生子女户", "yes_no")
    is_two_girls: Mapped[bool | None] = column("是否双女户", "yes_no")
    population: Mapped[int | None] = column("人数", "integer", unit="人", minimum=0, maximum=30)
    residents: Mapped[int | None] = column("常住人口", "integer", unit="人", minimum=0, maximum=30)
    no_labour_fallback: Mapped[bool | None] = column("整户无劳动能力兜底保障户", "yes_no", sensitive=True)
    filler: Mapped[str | None] = column("填表人", short=True)
    filler_phone: Mapped[str | None] = column("填表人电话", rule="phone", mask="phone")
    fill_date: Mapped[date | None] = column("填表时间", "date")
    situation: Mapped[str | None] = column("户情简介", "long", sensitive=True)
    note: Mapped[str | None] = column("备注", "long")
    import_extra: Mapped[str | None] = column("导入的其他列", "long", derived=True, search="text")
    # what programs before revision 0010 write of monitoring; db/former_monitoring.py brings it over
    monitor_risks: Mapped[tuple[str, ...] | None] = column(
        "致贫返贫风险（旧版本）", "choices", options="risk", maximum=5, sensitive=True, derived=True
    )
    monitor_since: Mapped[str | None] = column("识别监测时间（旧版本）", "month", derived=True)
    monitor_removed: Mapped[str | None] = column("消除监测时间（旧版本）", "month", derived=True)
    monitor_note: Mapped[str | None] = column("风险说明（旧版本）", sensitive=True, derived=True)


class Member(Record):
    """One person of a household. People are never deleted; they leave with a reason and a date."""

    __tablename__ = "member"
    __table_args__ = (
        # who heads a household, and how many live in it, without a look at the people themselves
        Index(
            "ix_member_present",
            "household_id",
            "relation",
            "name",
            "left",
            "withdrawn",
            sqlite_where=text('"left" IS NULL AND withdrawn = 0'),
        ),
    )
    LABEL = "家庭成员"
    TITLE = ("name",)
    PARENT = "household_id"
    KEY = ("person_no",)
    ALTERNATE_KEYS = (("household_id", "id_no"), ("household_id", "name", "birth"))
    PRINTED = ("members", "people_ledger")
    EVENTS = (Event("增加人口", ("joined_on",), ("joined",)), Event("减少人口", ("left_on",), ("left",)))

    household_id: Mapped[str | None] = reference("户", "household")
    person_no: Mapped[str | None] = column("人编号", rule="person_no")
    name: Mapped[str | None] = column("姓名", rule="person_name", required=True, search="name")
    sex: Mapped[str | None] = column("性别", "choice", options="sex")
    id_type: Mapped[str | None] = column("证件类型", "choice", options="id_type")
    id_no: Mapped[str | None] = column("证件号码", rule="id_number", mask="id", sensitive=True, search="number")
    birth: Mapped[date | None] = column("出生日期", "date")
    relation: Mapped[str | None] = column("与户主关系", "choice", options="relation", required=True)
    ethnic: Mapped[str | None] = column("民族", "choice", options="ethnic")
    political: Mapped[str | None] = column("政治面貌", "choice", options="political")
    education: Mapped[str | None] = column("文化程度", "choice", options="education")
    school_status: Mapped[str | None] = column("在校生状况", "choice", options="school_status")
    dropout_cause: Mapped[str | None] = column("失学或辍学原因", "choice", options="dropout_cause", sensitive=True)
    school_name: Mapped[str | None] = column("学校名称")
    health: Mapped[tuple[str, ...] | None] = column("健康状况", "choices", options="health", sensitive=True)
    illness_name: Mapped[str | None] = column("病种", sensitive=True)
    disability_no: Mapped[str | None] = column("残疾证号", rule="disability_no", mask="id", sensitive=True)
    disability_kind: Mapped[str | None] = column("残疾类别", "choice", options="disability_kind", sensitive=True)
    disability_level: Mapped[str | None] = column("残疾等级", "choice", options="disability_level", sensitive=True)
    labour: Mapped[str | None] = column("劳动技能", "choice", options="labour")
    work_region: Mapped[str | None] = column("务工区域", "choice", options="work_region")
    work_place: Mapped[str | None] = column("务工所在地")
    work_months: Mapped[Decimal | None] = column(
        "务工时间（月）", "decimal", places=1, unit="月", minimum=0, maximum=12
    )
    work_company: Mapped[str | None] = column("务工企业名称")
    work_channel: Mapped[str | None] = column("就业渠道", "choice", options="work_channel")
    work_income_month: Mapped[Decimal | None] = column("务工月收入", "money", minimum=0)
    public_job_kind: Mapped[str | None] = column("公益性岗位类型", "choice", options="public_job_kind")
    public_job_months: Mapped[Decimal | None] = column(
        "公益性岗位（月数）", "decimal", places=1, unit="月", minimum=0, maximum=12
    )
    med_ins: Mapped[bool | None] = column("是否参加城乡居民基本医疗保险", "yes_no")
    emp_med_ins: Mapped[bool | None] = column("是否参加城镇职工基本医疗保险", "yes_no")
    serious_ins: Mapped[bool | None] = column("是否参加大病保险", "yes_no")
    comm_ins: Mapped[bool | None] = column("是否参加商业补充医疗保险", "yes_no")
    med_rescue: Mapped[bool | None] = column("是否接受大病医疗救助", "yes_no", sensitive=True)
    pension: Mapped[bool | None] = column("是否参加城乡居民基本养老保险", "yes_no")
    emp_pension: Mapped[bool | None] = column("是否参加城镇职工基本养老保险", "yes_no")
    dibao: Mapped[bool | None] = column("是否享受低保", "yes_no", sensitive=True)
    tekun: Mapped[bool | None] = column("是否特困供养人员", "yes_no", sensitive=True)
    mandarin: Mapped[bool | None] = column("是否会讲普通话", "yes_no")
    relocated_person: Mapped[bool | None] = column("是否易地扶贫搬迁人口", "yes_no")
    member_phone: Mapped[str | None] = column("成员联系电话", rule="phone", mask="phone", search="number")
    joined: Mapped[str | None] = column("增加原因", "choice", options="member_join")
    joined_on: Mapped[date | None] = column("增加日期", "date")
    left: Mapped[str | None] = column("减少原因", "choice", options="member_leave")
    left_on: Mapped[date | None] = column("减少日期", "date")
    ident_date: Mapped[str | None] = column("人员识别时间", "month")
    note: Mapped[str | None] = column("备注", "long")
    import_extra: Mapped[str | None] = column("导入的其他列", "long", derived=True, search="text")

    @staticmethod
    def id_in_household(household_id: str, id_no: str) -> str:
        return derived_id("member", household_id, id_no)


class LivingCondition(Record):
    """Production and living conditions of a household in one year. Ranges: docs/domain/records.md §2.3."""

    __tablename__ = "living_condition"
    LABEL = "生产生活条件"
    TITLE = ("year",)
    PARENT = "household_id"
    KEY = ("household_id", "year")
    PRINTED = ("living", "housing")
    EVENTS = (Event("登记", ("year",)),)

    household_id: Mapped[str | None] = reference("户", "household")
    year: Mapped[int | None] = column("年度", "year", required=True)
    land_farm: Mapped[Decimal | None] = column("耕地面积", "decimal", unit="亩", minimum=0, maximum=100)
    land_irrigated: Mapped[Decimal | None] = column("有效灌溉面积", "decimal", unit="亩", minimum=0, maximum=100)
    land_forest: Mapped[Decimal | None] = column("林地面积", "decimal", unit="亩", minimum=0, maximum=200)
    land_returned: Mapped[Decimal | None] = column("退耕还林面积", "decimal", unit="亩", minimum=0, maximum=200)
    land_fruit: Mapped[Decimal | None] = column("林果面积", "decimal", unit="亩", minimum=0, maximum=200)
    land_grass: Mapped[Decimal | None] = column("牧草地面积", "decimal", unit="亩", minimum=0, maximum=100)
    land_water: Mapped[Decimal | None] = column("水面面积", "decimal", unit="亩", minimum=0, maximum=100)
    house_area: Mapped[Decimal | None] = column("住房面积", "decimal", unit="㎡", minimum=0, maximum=2000)
    house_structure: Mapped[str | None] = column("房屋结构", "choice", options="house_structure")
    house_year: Mapped[int | None] = column("建房年份", "year")
    house_unsafe: Mapped[bool | None] = column("是否危房户", "yes_no")
    danger_level: Mapped[str | None] = column("危房级别", "choice", options="danger_level")
    rebuild_year: Mapped[int | None] = column("危改年度", "year")
    water_safe: Mapped[bool | None] = column("是否饮水安全", "yes_no")
    water_hard: Mapped[bool | None] = column("是否饮水困难", "yes_no")
    elec_prod: Mapped[bool | None] = column("是否通生产用电", "yes_no")
    elec_life: Mapped[bool | None] = column("是否通生活用电", "yes_no")
    tv: Mapped[bool | None] = column("是否通广播电视", "yes_no")
    toilet: Mapped[bool | None] = column("是否有卫生厕所", "yes_no")
    road_kind: Mapped[str | None] = column("入户路类型", "choice", options="road_kind")
    road_km: Mapped[Decimal | None] = column("与村主干路距离", "decimal", unit="公里", minimum=0, maximum=50)
    fuel: Mapped[str | None] = column("主要燃料类型", "choice", options="fuel")
    coop: Mapped[bool | None] = column("是否加入农民专业合作组织", "yes_no")
    leading_firm: Mapped[bool | None] = column("是否有龙头企业带动", "yes_no")
    leader_person: Mapped[bool | None] = column("是否有创业致富带头人带动", "yes_no")
    note: Mapped[str | None] = column("备注", "long")
