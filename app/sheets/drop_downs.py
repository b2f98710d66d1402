"""What Excel lets an officer type into a column: options to choose from, limits of numbers, and a hint beside it."""

from itertools import zip_longest
from typing import Any

from app.records.field import Field
from app.sheets.sheet import OPTIONS_SHEET, column_letters

_HINTS = {"date": "如 2018-08-10", "month": "如 2018-08"}
_LONGEST_HINT = 255  # of Excel


class DropDowns:
    """The rules of one file; option lists stand in a hidden sheet, which `write` adds at the end."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, ...]] = []

    def add(self, sheet: Any, column: Field, cells: str) -> None:
        """Give these cells (e.g. "C2:C2000") what the column can take; columns that take anything get no rule."""
        rule, hint = self._rule(column), _hint(column)
        if rule is not None:
            rule.errorTitle = column.label
            rule.error = (
                "请从下拉列表里选。" if rule.type == "list" else f"应在 {rule.formula1} 到 {rule.formula2} 之间。"
            )
            rule.showErrorMessage = True
        _add_rule(sheet, rule, column.label, hint, cells)

    def add_hint(self, sheet: Any, label: str, hint: str, cells: str) -> None:
        """Show a hint beside these cells, which take anything."""
        _add_rule(sheet, None, label, hint, cells)

    def _rule(self, column: Field) -> Any:
        """The rule of a column, None where it takes anything."""
        from openpyxl.worksheet.datavalidation import DataValidation

        if column.kind == "yes_no":
            return DataValidation(type="list", formula1='"是,否"', allow_blank=True)
        if column.kind == "choice":
            return DataValidation(type="list", formula1=self._list_range(column), allow_blank=True)
        if column.spec.minimum is None or column.spec.maximum is None or column.kind == "choices":
            return None
        return DataValidation(
            type="whole" if column.kind == "integer" else "decimal",
            operator="between",
            formula1=str(column.spec.minimum),
            formula2=str(column.spec.maximum),
            allow_blank=True,
        )

    def _list_range(self, column: Field) -> str:
        labels = tuple(option.label for option in column.options)
        if labels not in self._lists:
            self._lists.append(labels)
        letter = column_letters(self._lists.index(labels))
        return f"{OPTIONS_SHEET}!${letter}$1:${letter}${max(len(labels), 1)}"

    def write(self, excel_workbook: Any) -> None:
        """The hidden sheet with the options, a column a list."""
        lists = excel_workbook.create_sheet(OPTIONS_SHEET)
        lists.sheet_state = "hidden"
        for row in zip_longest(*self._lists):
            lists.append(row)


def _hint(column: Field) -> str:
    """What an officer should know who types into a column."""
    if column.spec.mask:
        return "带星号的号码表示没有改动；要改，请写全。"
    if column.kind == "choices":
        return f"可以填几项，用“、”隔开：{'、'.join(option.label for option in column.options)}"
    return column.spec.hint or _HINTS.get(column.kind, "")


def _add_rule(sheet: Any, rule: Any, label: str, hint: str, cells: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if rule is None and not hint:
        return
    rule = rule or DataValidation(type=None, allow_blank=True)
    if hint:
        rule.promptTitle, rule.prompt, rule.showInputMessage = label[:32], hint[:_LONGEST_HINT], True
    rule.add(cells)
    sheet.data_validations.append(rule)
