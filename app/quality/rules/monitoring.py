"""防返贫监测: risks, measures that answer them, and removal."""

from collections.abc import Iterator
from datetime import date

from app.quality.home import Home, limit, marked
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said
from app.records.income import poverty_line

# risk → words in kind or name of a measure that answers it (R095)
_ANSWERS = {
    "因病": ("健康", "医疗", "社会帮扶", "救助"),
    "因残": ("综合保障", "兜底", "社会帮扶", "残疾"),
    "因学": ("教育", "雨露", "助学"),
    "因安全住房": ("住房", "危房", "搬迁"),
    "因安全饮水": ("饮水",),
}


@rule("monitor_risk_missing", ERROR, "监测户无风险类型", "R092")
def risk_missing(home: Home) -> Iterator[Clash]:
    """At least one risk."""
    if home.monitored and not home.row.monitor_risks:
        yield clash(home.row, f"{said(home.row, 'household_kind', 'monitor_risks')}。", "monitor_risks")


@rule("monitor_since_missing", ERROR, "监测户无识别时间", "R092")
def since_missing(home: Home) -> Iterator[Clash]:
    """When it was found."""
    if home.monitored and not home.row.monitor_since:
        yield clash(home.row, f"{said(home.row, 'household_kind', 'monitor_since')}。", "monitor_since")


@rule("monitor_note_missing", ERROR, "其他风险未说明", "R092")
def note_missing(home: Home) -> Iterator[Clash]:
    """其他 and a natural disaster are told in words."""
    unclear = {"其他", "因自然灾害"} & set(home.row.monitor_risks or ())
    if home.monitored and unclear and not home.row.monitor_note:
        columns = ("monitor_note", "monitor_risks")
        yield clash(home.row, f"{said(home.row, 'monitor_risks')}，但{said(home.row, 'monitor_note')}。", *columns)


@rule("monitor_phone_missing", ERROR, "无监测采集人电话", "R107")
def phone_missing(home: Home) -> Iterator[Clash]:
    """Who filled in the form can be asked."""
    if home.monitored and not home.row.filler_phone:
        yield clash(home.row, f"监测户的{said(home.row, 'filler_phone')}。", "filler_phone", "filler")


@rule("monitor_unaided", ERROR, "识别一个月后仍无帮扶措施", "R093")
def unaided(home: Home) -> Iterator[Clash]:
    """Something is done within a month."""
    months = _months(home.row.monitor_since, home.today)
    if home.monitored and months is not None and months > limit("measure_months") and not _since(home):
        sentence = f"{said(home.row, 'monitor_since')}，至今没有帮扶措施。"
        yield clash(home.row, sentence, "monitor_since")


@rule("monitor_no_development", ERROR, "有劳动力六个月未落实开发式帮扶", "R094")
def no_development(home: Home) -> Iterator[Clash]:
    """Who can work is helped to earn."""
    months = _months(home.row.monitor_since, home.today)
    found = _since(home)
    development = marked("measure_kind", "development")
    able = any(one.strength == "full" for one in home.members)
    if not home.monitored or not able or not found or months is None:
        return
    if months > limit("monitor_months") and development.isdisjoint(found):
        sentence = f"{said(home.row, 'monitor_since')}，家有劳动力，但没有产业、就业等开发式帮扶。"
        yield clash(home.row, sentence, "monitor_since", also=tuple(sorted(found)))


@rule("monitor_unanswered", ERROR, "风险没有相应的帮扶措施", "R095")
def unanswered(home: Home) -> Iterator[Clash]:
    """Illness is answered with health, school with education, and so on."""
    open_risks = [
        one for one in home.row.monitor_risks or () if one in _ANSWERS and not home.has_measure(*_ANSWERS[one])
    ]
    if home.monitored and open_risks and home.measures:
        sentence = f"风险“{'、'.join(open_risks)}”没有相应的帮扶措施。"
        yield clash(home.row, sentence, "monitor_risks", also=tuple(sorted({one.kind or "" for one in home.measures})))


@rule("monitor_risk_house", ERROR, "住房饮水有问题而未列入风险", "R096")
def risk_house(home: Home) -> Iterator[Clash]:
    """What the living conditions say is among the risks."""
    now, risks = home.now, home.row.monitor_risks or ()
    if home.monitored and now:
        for wrong, risk, column in (
            (now.house_unsafe, "因安全住房", "house_unsafe"),
            (now.water_safe is False, "因安全饮水", "water_safe"),
        ):
            if wrong and risk not in risks:
                sentence = f"{now.year} 年度{said(now, column)}，但致贫返贫风险没有“{risk}”。"
                yield clash(now, sentence, column, also=risks)
                break


@rule("monitor_rich", DOUBT, "监测户收入偏高", "R081")
def rich(home: Home) -> Iterator[Clash]:
    """More than 20,000 yuan a head."""
    one = home.account
    head = one.total.per_head if one else None
    if home.monitored and one and head is not None and head > limit("monitored_income_high"):
        sentence = f"{said(home.row, 'household_kind')}，{one.row.year} 年人均纯收入 {head:,.2f} 元，请核对。"
        yield clash(one.row, sentence, "people", also=(head,))


@rule("removed_early", ERROR, "消除监测过早", "R101")
def removed_early(home: Home) -> Iterator[Clash]:
    """Half a year at least."""
    since, removed = home.row.monitor_since, home.row.monitor_removed
    months = _months(since, date.fromisoformat(f"{removed}-01")) if since and removed else None
    if months is not None and months < limit("monitor_months"):
        columns = ("monitor_removed", "monitor_since")
        yield clash(home.row, f"{said(home.row, *columns)}，不足 {limit('monitor_months')} 个月。", *columns)


@rule("removed_unaided", ERROR, "消除监测而无任何措施", "R102")
def removed_unaided(home: Home) -> Iterator[Clash]:
    """A risk goes away because something was done."""
    if home.row.monitor_removed and not home.measures:
        yield clash(home.row, f"{said(home.row, 'monitor_removed')}，但没有任何帮扶措施。", "monitor_removed")


@rule("removed_unsafe", ERROR, "消除监测仍有危房或饮水不安全", "R103")
def removed_unsafe(home: Home) -> Iterator[Clash]:
    """By the newest living conditions."""
    now = home.now
    if home.row.monitor_removed and now and (now.house_unsafe or now.water_safe is False):
        columns = ("house_unsafe", "water_safe")
        sentence = f"{said(home.row, 'monitor_removed')}，但 {now.year} 年度{said(now, *columns)}。"
        yield clash(now, sentence, *columns, also=(home.row.monitor_removed,))


@rule("removed_poor", ERROR, "消除监测时收入低于监测范围", "R104")
def removed_poor(home: Home) -> Iterator[Clash]:
    """By the account of the year of removal."""
    year = int((home.row.monitor_removed or "0")[:4])
    line = poverty_line(year)
    known = line.monitoring if line else None
    for one in home.accounts:
        head = one.total.per_head
        if one.row.year == year and known and head is not None and head < known:
            sentence = (
                f"{said(home.row, 'monitor_removed')}，当年人均纯收入 {head:,.2f} 元，低于监测范围 {known:,.2f} 元。"
            )
            yield clash(one.row, sentence, "people", also=(head, known, home.row.monitor_removed))


@rule("removed_no_labour", DOUBT, "整户无劳动力消除监测", "R104")
def removed_no_labour(home: Home) -> Iterator[Clash]:
    """Without anybody who can work the risk seldom goes away for good."""
    if home.row.monitor_removed and home.members and all(one.strength == "none" for one in home.members):
        yield clash(home.row, f"{said(home.row, 'monitor_removed')}，但全家没有劳动力。", "monitor_removed")


def _months(since: str | None, day: date) -> int | None:
    """Whole months from a month on."""
    return (day.year - int(since[:4])) * 12 + day.month - int(since[5:7]) if since else None


def _since(home: Home) -> list[str]:
    """Kinds of the measures since the household is monitored."""
    year = int((home.row.monitor_since or "0")[:4])
    return [
        one.kind or ""
        for one in home.measures
        if (one.year or (one.started_on.year if one.started_on else 0)) >= year and one.state != "计划"
    ]
