"""What a row says of a person besides its plain columns: why they joined or left, what the ID number tells."""

from functools import cache

from app.records.field import Value, options
from app.records.validators import id_birth, id_number_error, id_sex
from app.sheets.roster import RosterRow


@cache
def split_target(target: str) -> tuple[str, str]:
    """Table and column of "table.column"."""
    table, _, name = target.partition(".")
    return table, name


def membership_change(row: RosterRow) -> dict[str, Value]:
    """Why somebody joined or left, where the roster says so."""
    text = row.text("row.change")
    for name, dictionary in (("left", "member_leave"), ("joined", "member_join")):
        for option in options(dictionary) if text else ():
            if text in (option.value, option.label, *option.aliases):
                return {name: option.value}
    if text:
        row.remark(f"变更原因“{text[:20]}”不在选项里，未取")
    return {}


def derived_from_id_no(id_no: str) -> dict[str, Value]:
    """What a sound ID number or disability card says by itself. domain: GB 11643, 20-digit card."""
    if not id_no or id_number_error(id_no):
        return {}
    values: dict[str, Value] = {"birth": id_birth(id_no), "sex": id_sex(id_no)}
    if len(id_no) >= 20:
        values["disability_no"] = id_no
        values["disability_kind"] = _option_by_code("disability_kind", id_no[18])
        values["disability_level"] = _option_by_code("disability_level", id_no[19])
    return values


def _option_by_code(name: str, code: str) -> str | None:
    return next((option.value for option in options(name) if option.code == code), None)
