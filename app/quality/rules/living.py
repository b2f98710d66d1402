"""Land, house, water and road: the newest year of 生产生活条件."""

from collections.abc import Iterator
from decimal import Decimal

from app.quality.home import Home, limit, marked
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said
from app.records.field import label_of

_LAND = ("land_farm", "land_forest", "land_returned", "land_fruit", "land_grass", "land_water")
_HOUSE = ("house_area", "house_unsafe", "water_safe", "elec_life", "toilet", "road_kind", "fuel")
_FARM, _FOREST = ("land_farm", "land_grass", "land_water"), ("land_forest", "land_returned", "land_fruit")


@rule("living_missing", DOUBT, "生产生活条件未填", "R074")
def missing(home: Home) -> Iterator[Clash]:
    """A registered household has at least one year."""
    if home.registered and home.now is None:
        yield clash(home.row, "这一户还没有填生产生活条件。", lacks=("living_condition", "house_area"))


@rule("house_missing", ERROR, "住房饮水道路未填", "R074")
def house_missing(home: Home) -> Iterator[Clash]:
    """What every form asks for; a house of 0 ㎡ is none."""
    now = home.now
    if home.registered and now:
        lacking = [name for name in _HOUSE if getattr(now, name) is None]
        if now.house_area == 0:
            lacking.insert(0, "house_area")
        if lacking:
            labels = "、".join(label_of("living_condition", name) for name in lacking)
            yield clash(now, f"{now.year} 年度的{labels}未填。", *lacking)


@rule("land_missing", DOUBT, "土地面积未填", "R070")
def land_missing(home: Home) -> Iterator[Clash]:
    """The national system wants 0 where there is none; on paper a blank says the same, therefore a doubt."""
    now = home.now
    lacking = [name for name in _LAND if now and getattr(now, name) is None]
    if home.registered and now and lacking:
        labels = "、".join(label_of("living_condition", name) for name in lacking)
        yield clash(now, f"{now.year} 年度的{labels}未填，没有的请填 0。", *lacking)


@rule("land_large", DOUBT, "土地面积异常", "R071")
def land_large(home: Home) -> Iterator[Clash]:
    """More than 100 亩 of fields, or 200 of forest, or more a head than the county has."""
    now, people = home.now, max(len(home.members), 1)
    if now:
        large = [name for name in _FARM if (getattr(now, name) or 0) > limit("land_high")]
        large += [name for name in _FOREST if (getattr(now, name) or 0) > limit("forest_high")]
        for name, per_head in (("land_farm", "farm_per_head"), ("land_forest", "forest_per_head")):
            if name not in large and (getattr(now, name) or 0) / people > limit(per_head):
                large.append(name)
        if large:
            yield clash(now, f"{now.year} 年度{said(now, *large)}，请核对单位是不是亩。", *large, also=(people,))


@rule("land_returned", ERROR, "退耕还林多于林地牧草地", "R072")
def returned(home: Home) -> Iterator[Clash]:
    """What was returned is forest or grass now."""
    now = home.now
    if now is None or now.land_returned is None or now.land_forest is None:
        return
    if now.land_returned > now.land_forest + (now.land_grass or Decimal()):
        columns = ("land_returned", "land_forest", "land_grass")
        yield clash(now, f"{now.year} 年度{said(now, *columns)}，退耕还林不能多于后两项之和。", *columns)


@rule("irrigated_more", ERROR, "有效灌溉多于耕地", "R072")
def irrigated(home: Home) -> Iterator[Clash]:
    """It is a part of the fields."""
    now = home.now
    if now and now.land_irrigated is not None and now.land_farm is not None and now.land_irrigated > now.land_farm:
        columns = ("land_irrigated", "land_farm")
        yield clash(now, f"{now.year} 年度{said(now, *columns)}，有效灌溉不能多于耕地。", *columns)


@rule("road_far", DOUBT, "与主干路距离异常", "R073")
def road_far(home: Home) -> Iterator[Clash]:
    """Empty, or above 5 km: often metres."""
    now = home.now
    if now and home.registered and (now.road_km is None or now.road_km > limit("road_km_high")):
        yield clash(now, f"{now.year} 年度{said(now, 'road_km')}，请核对单位是不是公里。", "road_km")


@rule("danger_contradicts", ERROR, "是否危房与危房级别矛盾", "R078")
def danger_contradicts(home: Home) -> Iterator[Clash]:
    """C and D are unsafe, A and B are not."""
    now = home.now
    if now and now.house_unsafe is not None:
        danger = now.danger_level in marked("danger_level", "danger")
        if danger != now.house_unsafe and (now.house_unsafe or now.danger_level):
            columns = ("house_unsafe", "danger_level")
            yield clash(now, f"{now.year} 年度{said(now, *columns)}，互相矛盾。", *columns)


@rule("danger_unmended", DOUBT, "危房而无改造措施", "§6-25")
def danger_unmended(home: Home) -> Iterator[Clash]:
    """C or D without 危改年度 and without a measure."""
    now = home.now
    if now is None or now.danger_level not in marked("danger_level", "danger"):
        return
    if not now.rebuild_year and not home.has_measure("危房改造", "住房安全", "搬迁"):
        columns = ("danger_level", "rebuild_year")
        yield clash(now, f"{now.year} 年度{said(now, *columns)}，也没有危房改造措施。", *columns)


@rule("unmonitored_unsafe", DOUBT, "一般农户危房或饮水不安全", "R077")
def unmonitored_unsafe(home: Home) -> Iterator[Clash]:
    """Neither registered nor monitored: to be looked at for monitoring."""
    now = home.now
    if now and not home.registered and not home.monitored and (now.house_unsafe or now.water_safe is False):
        columns = ("house_unsafe", "water_safe")
        yield clash(now, f"{now.year} 年度{said(now, *columns)}，请研判是否纳入监测。", *columns)
