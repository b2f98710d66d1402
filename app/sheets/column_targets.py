"""What an officer may choose for a column: every field of the records that a list fills, by its Chinese name."""

from app.records.field import fields, options, table_label
from app.sheets.roster_aliases import SKIPPED_COLUMN, TABLES, RosterKind
from app.workbook.masking import mask_numbers, mask_text
from db.schema import records
from resources.overlay import cached

KEPT_AS_NOTE, PUT_ASIDE = "其他列（按列名保存）", "不取"
SPECIAL = {
    "head.name": "户主姓名（认是哪一户）",
    "head.id_no": "户主证件号码（认是哪一户）",
    "village.name": "行政村（核对）",
    "village.county": "县（核对）",
    "village.township": "乡镇（核对）",
    "row.year": "年度",
    "row.monitored": "监测对象类别",
    "row.change": "变更原因",
}


@cached
def target_choices(kind: RosterKind) -> tuple[tuple[str, str], ...]:
    """(target, label) of everything that a column of such a list may become."""
    found = [("", KEPT_AS_NOTE), (SKIPPED_COLUMN, PUT_ASIDE), *SPECIAL.items()]
    tables = dict.fromkeys((*TABLES[kind], "household", *(TABLES["helper"] if kind != "helper" else ())))
    if kind == "household":
        tables = dict.fromkeys(("member", *tables))
    for table in tables:
        for one in fields(table):
            if not one.spec.derived and one.kind != "reference" and one.name != "year":
                found.append((f"{table}.{one.name}", f"{table_label(table)} · {one.label}"))
    if kind != "helper":
        income = table_label("income_line")
        found += [(f"income_line.{one.value}", f"{income} · {one.label}") for one in options("income_item")]
    return tuple(found)


def masked_sample(target: str, text: str) -> str:
    """What stands in a cell, with personal numbers masked."""
    table, _, name = target.partition(".")
    if table == "head":
        table = "member"
    mask = next((one.spec.mask for one in fields(table) if one.name == name), "") if table in records() else ""
    return mask_text(text, mask) if mask else mask_numbers(text)
