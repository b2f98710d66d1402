"""脱贫: its year, and what must not be the case any more."""

from collections.abc import Iterator

from app.quality.home import Home, limit
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said


@rule("exit_year_missing", ERROR, "已脱贫而无脱贫年度", "§6-24")
def year_missing(home: Home) -> Iterator[Clash]:
    """Who is out has a year."""
    if home.exited and not home.row.exit_year:
        yield clash(
            home.row, f"{said(home.row, 'exit_status')}，但{said(home.row, 'exit_year')}。", "exit_year", "exit_status"
        )


@rule("exit_year_without", DOUBT, "有脱贫年度而未脱贫", "§6-24")
def year_without(home: Home) -> Iterator[Clash]:
    """A year without an exit; who fell back has both."""
    row = home.row
    if row.exit_year and row.exit_status in ("未脱贫", "预脱贫"):
        yield clash(row, f"{said(row, 'exit_status', 'exit_year')}，互相矛盾。", "exit_status", "exit_year")


@rule("exit_before_register", ERROR, "脱贫早于建档", "§6-24")
def before_register(home: Home) -> Iterator[Clash]:
    """Nobody leaves before coming."""
    row = home.row
    if row.exit_year and row.register_date and row.exit_year < int(row.register_date[:4]):
        columns = ("exit_year", "register_date")
        yield clash(row, f"{said(row, *columns)}，脱贫年度不能更早。", *columns)


@rule("return_half", ERROR, "返贫年度与返贫原因缺一", "§6-24")
def return_half(home: Home) -> Iterator[Clash]:
    """Who fell back has a year and a cause."""
    row = home.row
    columns = ("return_year", "return_cause")
    if row.exit_status == "返贫" and not (row.return_year and row.return_cause):
        yield clash(row, f"{said(row, 'exit_status', *columns)}，请补上。", *columns, "exit_status")


@rule("exited_unsafe_house", ERROR, "已脱贫仍住危房", "R076")
def unsafe_house(home: Home) -> Iterator[Clash]:
    """By the newest living conditions."""
    now = home.now
    if home.exited and now and now.house_unsafe:
        columns = ("house_unsafe", "danger_level")
        yield clash(now, f"已脱贫，但 {now.year} 年度{said(now, *columns)}。", *columns, also=(home.row.exit_status,))


@rule("exited_unsafe_water", ERROR, "已脱贫而饮水不安全", "§6-26；R076")
def unsafe_water(home: Home) -> Iterator[Clash]:
    """By the newest living conditions."""
    now = home.now
    if home.exited and now and (now.water_safe is False or now.water_hard):
        columns = ("water_safe", "water_hard")
        yield clash(now, f"已脱贫，但 {now.year} 年度{said(now, *columns)}。", *columns, also=(home.row.exit_status,))


@rule("exited_no_power", ERROR, "已脱贫未通生活用电", "R075")
def no_power(home: Home) -> Iterator[Clash]:
    """By the newest living conditions."""
    now = home.now
    if home.exited and now and now.elec_life is False:
        sentence = f"已脱贫，但 {now.year} 年度{said(now, 'elec_life')}。"
        yield clash(now, sentence, "elec_life", also=(home.row.exit_status,))


@rule("exited_dropout", ERROR, "已脱贫而有辍学", "R076")
def dropout(home: Home) -> Iterator[Clash]:
    """Nobody of 6 to 15 has given up school."""
    for one in home.members:
        out = one.between(limit("school_from"), limit("school_to")) and one.row.dropout_cause and not one.at_school
        if home.exited and out:
            sentence = f"已脱贫，但{one.name} {one.age} 岁，{said(one.row, 'dropout_cause')}。"
            yield clash(one.row, sentence, "dropout_cause", "school_status", also=(home.row.exit_status,))
