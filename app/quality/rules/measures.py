"""帮扶措施: loans, relocation, schooling, and people who are no longer there."""

from collections.abc import Iterator

from app.quality.home import Home, marked
from app.quality.rule import DOUBT, ERROR, HINT, Clash, clash, rule, said
from db.schema.aid import Measure

_LEARNING = ("中职", "高职高专", "技师学院")
_SCHOOL_AID = ("教育", "雨露", "助学", "营养", "寄宿")


def _loans(home: Home) -> list[Measure]:
    return [one for one in home.measures if one.kind == "扶贫小额信贷" or "小额信贷" in (one.title or "")]


@rule("measure_backwards", ERROR, "措施完成早于开始", "§6-37")
def backwards(home: Home) -> Iterator[Clash]:
    """The end is not before the beginning."""
    for one in home.measures:
        if one.started_on and one.ended_on and one.ended_on < one.started_on:
            yield clash(one, f"{said(one, 'started_on', 'ended_on')}，次序不对。", "ended_on", "started_on")


@rule("loan_overdue", DOUBT, "小额信贷逾期", "§6-29；R110")
def loan_overdue(home: Home) -> Iterator[Clash]:
    """Past its day and still running."""
    for one in _loans(home):
        if one.ended_on and one.ended_on < home.today and one.state in marked("measure_state", "open"):
            sentence = f"{said(one, 'ended_on', 'state')}，已经到期。已还清的请改为“已完成”。"
            yield clash(one, sentence, "state", "ended_on")


@rule("loan_use", DOUBT, "小额信贷用途未填", "§6-29；R110")
def loan_use(home: Home) -> Iterator[Clash]:
    """A loan is for something."""
    for one in _loans(home):
        if not one.content:
            yield clash(one, f"{said(one, 'title', 'content')}，请写明贷款用途。", "content")


@rule("loans_several", DOUBT, "同人多笔小额信贷", "R110")
def loans_several(home: Home) -> Iterator[Clash]:
    """One household, one running loan."""
    running = [one for one in _loans(home) if one.state in marked("measure_state", "open")]
    if len(running) > 1:
        sentence = f"有 {len(running)} 笔小额信贷还在实施中，一户一般只有一笔。"
        yield clash(running[1], sentence, "state", also=tuple(one.id for one in running))


@rule("relocated_nobody", DOUBT, "有搬迁措施无搬迁人口", "§6-30")
def relocated_nobody(home: Home) -> Iterator[Clash]:
    """Who moved is marked."""
    moved = [one for one in home.measures if one.kind in ("易地扶贫搬迁", "搬迁")]
    if moved and home.members and not any(one.row.relocated_person for one in home.members):
        yield clash(moved[0], f"有{said(moved[0], 'kind')}，但成员都没有标为易地扶贫搬迁人口。", "kind")


@rule("relocated_without", DOUBT, "有搬迁人口无搬迁措施", "§6-30")
def relocated_without(home: Home) -> Iterator[Clash]:
    """Who is marked has a measure."""
    moved = [one for one in home.members if one.row.relocated_person]
    if moved and not home.has_measure("搬迁"):
        sentence = f"{'、'.join(one.name for one in moved)}标为易地扶贫搬迁人口，但没有搬迁措施。"
        yield clash(moved[0].row, sentence, "relocated_person", also=tuple(one.row.id for one in moved))


@rule("relocated_late", ERROR, "2021 年后识别户享受搬迁", "R106")
def relocated_late(home: Home) -> Iterator[Clash]:
    """易地扶贫搬迁 ended in 2020."""
    for one in home.measures:
        if one.kind == "易地扶贫搬迁" and (home.row.monitor_since or "") >= "2021" and not home.row.register_date:
            sentence = f"{said(home.row, 'monitor_since')}，却有{said(one, 'kind', 'title')}。"
            yield clash(one, sentence, "kind", also=(home.row.monitor_since,))


@rule("pupil_unaided", DOUBT, "义务教育段无资助", "§6-31")
def pupil_unaided(home: Home) -> Iterator[Clash]:
    """A pupil of a registered household gets help with school."""
    pupils = [one for one in home.members if one.row.school_status in marked("school_status", "compulsory")]
    if home.registered and not home.exited and pupils and not home.has_measure(*_SCHOOL_AID):
        names = "、".join(one.name for one in pupils)
        sentence = f"{names}在义务教育段就读，但没有教育资助措施。请核对是否应享未享。"
        yield clash(pupils[0].row, sentence, "school_status", also=tuple(one.row.id for one in pupils))


@rule("left_measure", ERROR, "减少人员仍享受政策", "§6-37；R065")
def left_measure(home: Home) -> Iterator[Clash]:
    """A measure for a person that began after they had left."""
    left = {one.row.id: one for one in home.left}
    for one in home.measures:
        who = left.get(one.member_id or "")
        if who and who.row.left_on:
            late = one.started_on > who.row.left_on if one.started_on else (one.year or 0) > who.row.left_on.year
            if late:
                when, began = said(who.row, "left", "left_on"), said(one, "year", "started_on")
                sentence = f"{who.name}（{when}）减少后仍有措施，{began}。"
                yield clash(one, sentence, "member_id", "year", "started_on", also=(who.row.left, who.row.left_on))


@rule("left_benefit", ERROR, "减少人员仍有低保特困或公益岗", "§6-37；R065")
def left_benefit(home: Home) -> Iterator[Clash]:
    """Who died or moved away gets nothing here any more."""
    for one in home.left:
        columns = [name for name in ("dibao", "tekun", "public_job_kind") if getattr(one.row, name)]
        if columns and one.row.left in ("死亡", "户籍迁出", "婚出", "出国定居"):
            yield clash(
                one.row, f"{one.name}（{said(one.row, 'left')}）仍有{said(one.row, *columns)}。", *columns, "left"
            )


@rule("measure_dibao", ERROR, "低保措施与成员不符", "R098")
def measure_dibao(home: Home) -> Iterator[Clash]:
    """A measure of 低保 in a household where nobody gets it or got it."""
    yield from _aid(home, "低保", any(one.row.dibao for one in (*home.members, *home.left)))


@rule("measure_tekun", ERROR, "特困措施与成员不符", "R098")
def measure_tekun(home: Home) -> Iterator[Clash]:
    """A measure of 特困供养 in a household where nobody gets it or got it."""
    yield from _aid(home, "特困", any(one.row.tekun for one in (*home.members, *home.left)))


@rule("measure_disabled", ERROR, "残疾补贴与成员不符", "R098")
def measure_disabled(home: Home) -> Iterator[Clash]:
    """A measure for the disabled in a household without any."""
    yield from _aid(home, "残疾人", any(one.disabled or one.row.disability_no for one in (*home.members, *home.left)))


def _aid(home: Home, word: str, somebody: bool) -> Iterator[Clash]:
    for one in home.measures:
        if not somebody and word in (one.title or ""):
            yield clash(one, f"有措施{said(one, 'title')}，但这一户没有{word}成员。", "title", "member_id")


@rule("yulu_wrong", ERROR, "享受雨露计划而非中高职", "R099")
def yulu_wrong(home: Home) -> Iterator[Clash]:
    """In force now, and nobody of the household is at such a school or has left it."""
    learned = any(_learning(home, one.row.school_status) or one.row.education in _TAUGHT for one in home.members)
    for one in home.measures:
        if ("雨露" in (one.title or "") or one.kind == "雨露计划") and not learned:
            yield clash(
                one, f"{said(one, 'kind', 'title')}，但成员中没有读过中职或高职的人。", "kind", "title", "member_id"
            )


@rule("yulu_missing", DOUBT, "中高职未享受雨露计划", "R099")
def yulu_missing(home: Home) -> Iterator[Clash]:
    """Who is at such a school has a right to it."""
    for one in home.members:
        if home.registered and _learning(home, one.row.school_status) and not home.has_measure("雨露"):
            sentence = f"{one.name}的{said(one.row, 'school_status')}，没有雨露计划。请核对是否应享未享。"
            yield clash(one.row, sentence, "school_status")


@rule("work_aid_nobody", DOUBT, "有就业措施无务工", "R100")
def work_aid_nobody(home: Home) -> Iterator[Clash]:
    """Help with work, and nobody works away or has a public job."""
    kinds = ("就业扶贫", "就业帮扶", "公益岗位帮扶")
    given = [one for one in home.measures if one.kind in kinds and one.state != "计划"]
    aid = [one for one in given if "培训" not in (one.title or "")]  # who was taught has not yet got work
    people = (*home.members, *home.left)
    if aid and not any(one.works_away or one.row.public_job_kind for one in people):
        yield clash(aid[0], f"有{said(aid[0], 'kind', 'title')}，但没有登记务工或公益岗位的人。", "kind", "title")


@rule("measure_amount", HINT, "已完成的措施没有金额也没有成效", "§6-38")
def amount(home: Home) -> Iterator[Clash]:
    """A measure that is done came to something."""
    for one in home.measures:
        if one.state == "已完成" and one.amount is None and not one.effect:
            yield clash(one, f"{said(one, 'title', 'state')}，{said(one, 'amount', 'effect')}。", "amount", "effect")


_TAUGHT = ("高中", "大专", "本科及以上")


def _learning(home: Home, status: str | None) -> bool:
    return status is not None and any(status in marked("school_status", "stage", stage) for stage in _LEARNING)
