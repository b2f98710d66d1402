"""Visits, rounds, and records that were not renewed."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.checklists.results import RoundResult
from app.quality.home import Home, limit
from app.quality.rule import DOUBT, HINT, Clash, Place, clash, rule, said
from app.records.field import table_label


@rule("unvisited", DOUBT, "半年未走访", "§6-35；R115")
def unvisited(home: Home) -> Iterator[Clash]:
    """In person: at home, in the field or at the village office."""
    since = home.today - timedelta(days=limit("unvisited_days"))
    if home.registered and (home.last_visit is None or home.last_visit < since):
        last = f"上次走访是 {home.last_visit.isoformat()}，已超过半年" if home.last_visit else "还没有走访记录"
        yield clash(home.row, f"{last}。请安排走访。", also=(home.last_visit,), lacks=("visit", "visited_on"))


@rule("unscored", DOUBT, "本轮检查未评", "§6-36；R116")
def unscored(home: Home) -> Iterator[Clash]:
    """A round that is open and has no finished result of this home."""
    waiting = [one for one in home.rounds if one.round_id in home.open_rounds and not one.result.finished]
    if waiting:
        titles = "、".join(one.round_title for one in waiting)
        ids = tuple(one.round_id for one in waiting)
        yield clash(home.row, f"{titles}还没有评完这一户。", also=ids, lacks=("inspection", "seen_on"))


@rule("unreviewed", DOUBT, "不合格超过 7 天未复查", "R116")
def unreviewed(home: Home) -> Iterator[Clash]:
    """The newest finished result is a failure, and nobody has been back."""
    done = [one for one in home.rounds if one.result.finished and one.result.seen_on]
    newest = max(done, key=_when, default=None)
    if newest is None or newest.result.passed:
        return
    if _when(newest) < home.today - timedelta(days=limit("review_days")):
        look = newest.result.looks[-1]
        sentence = f"{newest.round_title}在 {_when(newest).isoformat()} 不合格，还没有复查。"
        places = (Place("inspection", look.inspection_id, "seen_on"),)
        yield Clash(
            look.inspection_id, f"{table_label('inspection')} {newest.round_title}", sentence, places, (sentence,)
        )


@rule("record_old", HINT, "信息一年以上未更新", "§6-11")
def record_old(home: Home) -> Iterator[Clash]:
    """School, labour and work are judged for 填表时间; a year later they have changed."""
    told = home.row.fill_date
    if told and told < home.today - timedelta(days=365):
        sentence = f"{said(home.row, 'fill_date')}，已超过一年。请更新上学、劳动力和务工情况，并改填表时间。"
        yield clash(home.row, sentence, "fill_date")


def _when(one: RoundResult) -> date:
    return one.result.seen_on or date.min
