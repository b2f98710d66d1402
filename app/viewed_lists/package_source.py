"""往来记录 as a list that can be viewed: one package in or out a row."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import PACKAGES
from app.list_views.computed_source import ComputedRows, computed_fields, find_computed
from app.list_views.list_source import ListSource, made_field
from app.sync.peers import logged_packages
from app.sync.views import PackageView

_FIELDS = (
    made_field(PACKAGES, "at", "时间"),
    made_field(PACKAGES, "way", "收发"),
    made_field(PACKAGES, "peer", "同事"),
    made_field(PACKAGES, "changes", "修改", "integer"),
    made_field(PACKAGES, "pictures", "照片", "integer"),
    made_field(PACKAGES, "state", "后来"),
    made_field(PACKAGES, "operator", "经手人"),
    made_field(PACKAGES, "file", "文件"),
    made_field(PACKAGES, "day", "日期", "date"),
)
_SHOWN = ("at", "way", "peer", "changes", "pictures", "state", "operator", "file")


def package_source(entries: Sequence[PackageView]) -> ListSource:
    """The list with these rows, the newest first; the place of a row is its id."""
    rows = ComputedRows(lambda: ((str(n), _values(entry)) for n, entry in enumerate(entries)))
    return ListSource(
        key=PACKAGES,
        title="往来记录",
        record=rows,
        fields=tuple(computed_fields(rows, _FIELDS, {})),
        columns=_SHOWN,
        totals=("changes", "pictures"),
        find=find_computed(rows, lambda id, choices: True),
        computed=_loaded,
    )


@cache
def package_list() -> ListSource:
    """The list without rows: its fields."""
    return package_source(())


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return package_source(logged_packages(session))


def package_cells(entry: PackageView) -> dict[str, object]:
    """Its cells by the names of the fields."""
    return {
        "at": entry.at[:16],
        "way": "导出" if entry.way == "out" else "导入",
        "peer": entry.peer,
        "changes": entry.changes,
        "pictures": entry.pictures or None,
        "state": _state(entry),
        "operator": entry.operator,
        "file": entry.file_name,
        "day": entry.at[:10],
    }


def _values(entry: PackageView) -> tuple[object, ...]:
    return tuple(None if value == "" else value for value in package_cells(entry).values())


def _state(entry: PackageView) -> str:
    omitted = f"{entry.left_out} 张照片没装下" if entry.left_out else ""
    if entry.way == "out":
        receipt = f"{entry.acknowledged_at[5:16]} 已回执" if entry.acknowledged_at else ""
        return "，".join(filter(None, (receipt, omitted)))
    return f"{entry.undone_at[5:16]} 已撤销" if entry.undone_at else ""
