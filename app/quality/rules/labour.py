"""What people can do, and where they work."""

from collections.abc import Iterator

from app.quality.home import Home, limit, marked
from app.quality.rule import DOUBT, ERROR, HINT, Clash, clash, rule, said

_WORK = ("work_region", "work_months")
_GRADUATE = ("大专", "本科及以上")


@rule("child_labour", ERROR, "16 岁以下有劳动力", "§6-8；R034")
def child_labour(home: Home) -> Iterator[Clash]:
    """Below 16 everybody is 无劳动力."""
    for one in home.members:
        if one.between(0, limit("work_from") - 1) and one.strength in ("full", "half"):
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'labour')}，16 岁以下应为“无劳动力”。"
            fix = ("labour", "无劳动力", "改为“无劳动力”")
            yield clash(one.row, sentence, "labour", "birth", also=(home.told_on.year,), fix=fix)


@rule("child_work", ERROR, "16 岁以下有务工", "§6-8；R042")
def child_work(home: Home) -> Iterator[Clash]:
    """Nobody below 16 works away."""
    for one in home.members:
        if one.between(0, limit("work_from") - 1) and one.works_away:
            sentence = f"{one.name} {one.age} 岁，却有{said(one.row, *_WORK)}。请核对出生日期和务工情况。"
            yield clash(one.row, sentence, *_WORK, "birth")


@rule("pupil_labour", DOUBT, "在校生不是无劳动力", "R035")
def pupil_labour(home: Home) -> Iterator[Clash]:
    """Who is at school counts as 无劳动力."""
    for one in home.members:
        if one.at_school and one.strength in ("full", "half"):
            yield clash(one.row, f"{said(one.row, 'school_status', 'labour')}，请核对。", "labour", "school_status")


@rule("pupil_work", ERROR, "在校生有务工", "R041")
def pupil_work(home: Home) -> Iterator[Clash]:
    """At school and working away at one time."""
    for one in home.members:
        if one.at_school and one.works_away:
            sentence = f"{said(one.row, 'school_status')}，却有{said(one.row, *_WORK)}。请改其中一项。"
            yield clash(one.row, sentence, *_WORK, "school_status")


@rule("idle_adult", DOUBT, "健康成年人无劳动力", "R036")
def idle_adult(home: Home) -> Iterator[Clash]:
    """16 to 59, healthy, not at school, and yet not 普通 or 技能."""
    for one in home.members:
        if (
            one.between(limit("work_from"), limit("old") - 1)
            and one.healthy
            and not one.at_school
            and one.strength in ("half", "none")
        ):
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'health', 'labour')}，请核对。"
            yield clash(one.row, sentence, "labour", "health", "birth")


@rule("old_labour", DOUBT, "高龄人员为普通或技能劳动力", "§6-9；R037")
def old_labour(home: Home) -> Iterator[Clash]:
    """From 60 on; a woman of 技能劳动力 from 55 on."""
    for one in home.members:
        woman = one.row.sex == "女" and one.row.labour == "技能劳动力"
        most = limit("old_skilled_woman") if woman else limit("old")
        if one.age is not None and one.age >= most and one.strength == "full":
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'labour')}，请核对。"
            yield clash(one.row, sentence, "labour", "birth")


@rule("work_half", ERROR, "务工区域与务工时间缺一", "§6-17；R038")
def work_half(home: Home) -> Iterator[Clash]:
    """A region has months, and months have a region."""
    for one in home.members:
        if bool(one.row.work_region) != bool(one.row.work_months):
            yield clash(one.row, f"{said(one.row, *_WORK)}，要么都填，要么都不填。", *_WORK)


@rule("no_labour_work", ERROR, "无劳动力有务工", "§6-18；R040")
def no_labour_work(home: Home) -> Iterator[Clash]:
    """无 or 丧失劳动力 and working away."""
    for one in home.members:
        if one.strength == "none" and one.works_away:
            yield clash(one.row, f"{said(one.row, 'labour')}，却有{said(one.row, *_WORK)}。", "labour", *_WORK)


@rule("half_labour_work", DOUBT, "弱劳动力有务工", "R040")
def half_labour_work(home: Home) -> Iterator[Clash]:
    """弱劳动力或半劳动力 working away: possible, to be looked at."""
    for one in home.members:
        if one.strength == "half" and one.works_away:
            yield clash(one.row, f"{said(one.row, 'labour', *_WORK)}，请核对。", "labour", *_WORK)


@rule("month_income", DOUBT, "务工月收入异常", "R046")
def month_income(home: Home) -> Iterator[Clash]:
    """Below 100 or above 30,000 yuan a month."""
    for one in home.members:
        earned = one.row.work_income_month
        if earned and not limit("month_income_low") <= earned <= limit("month_income_high"):
            yield clash(one.row, f"{said(one.row, 'work_income_month')}，请核对单位是不是元。", "work_income_month")


@rule("work_without_income", HINT, "务工未填月收入", "R047")
def without_income(home: Home) -> Iterator[Clash]:
    """The account of wages is built on it."""
    for one in home.members:
        if one.row.work_region and one.row.work_months and not one.row.work_income_month:
            yield clash(
                one.row,
                f"{said(one.row, *_WORK)}，但{said(one.row, 'work_income_month')}。",
                "work_income_month",
                *_WORK,
            )


@rule("provided_for_works", DOUBT, "特困供养人员外出务工", "R050")
def provided_for_works(home: Home) -> Iterator[Clash]:
    """Who is provided for cannot work by definition."""
    for one in home.members:
        if one.row.tekun and one.works_away:
            yield clash(one.row, f"{said(one.row, 'tekun')}，却有{said(one.row, *_WORK)}。", "tekun", *_WORK)


@rule("job_half", ERROR, "公益岗位类型与月数缺一", "R051")
def job_half(home: Home) -> Iterator[Clash]:
    """A public job has a kind and months."""
    for one in home.members:
        columns = ("public_job_kind", "public_job_months")
        if bool(one.row.public_job_kind) != bool(one.row.public_job_months):
            yield clash(one.row, f"{said(one.row, *columns)}，要么都填，要么都不填。", *columns)


@rule("job_age", ERROR, "公益岗位人员年龄不符", "R052")
def job_age(home: Home) -> Iterator[Clash]:
    """16 to 69."""
    for one in home.members:
        if one.row.public_job_kind and one.age is not None and not one.between(limit("work_from"), limit("job_to") - 1):
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'public_job_kind')}，公益岗位应是 16–69 岁。"
            yield clash(one.row, sentence, "public_job_kind", "birth")


@rule("job_without_labour", DOUBT, "无劳动力任公益岗位", "R053")
def job_without_labour(home: Home) -> Iterator[Clash]:
    """无 or 丧失劳动力 in a public job."""
    for one in home.members:
        if one.row.public_job_kind and one.strength == "none":
            columns = ("labour", "public_job_kind")
            yield clash(one.row, f"{said(one.row, *columns)}，请核对。", *columns)


@rule("skilled_idle", HINT, "技能劳动力或大专以上未就业", "R054")
def skilled_idle(home: Home) -> Iterator[Clash]:
    """Somebody who could work and for whom nothing is written down."""
    for one in home.members:
        row = one.row
        able = row.labour == "技能劳动力" or (row.education in _GRADUATE and one.strength != "none")
        idle = not one.at_school and not one.works_away and not row.public_job_kind
        if able and idle and one.between(limit("work_from"), limit("old") - 1):
            columns = ("work_region", "public_job_kind", "labour", "education")
            yield clash(row, f"{said(row, 'labour', 'education')}，没有务工，也没有公益岗位。", *columns)


@rule("far_public_job", ERROR, "县外务工又任公益岗位，超过 12 个月", "R048")
def far_public_job(home: Home) -> Iterator[Clash]:
    """Nobody works outside the county all year and keeps a public job at home."""
    for one in home.members:
        row = one.row
        far = row.work_region in marked("work_region", "in_county", False)
        if far and row.public_job_kind and (row.work_months or 0) + (row.public_job_months or 0) > 12:
            columns = ("work_region", "work_months", "public_job_kind", "public_job_months")
            yield clash(row, f"{said(row, *columns)}，加起来超过 12 个月。", *columns)
