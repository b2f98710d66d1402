"""What Excel lets an officer type into a column: options to choose from, limits of numbers."""

from itertools import zip_longest
from typing import Any

from app.records.field import Field
from app.sheets.sheet import column_letters

_SHEET = "选项"


class DropDowns:
    """The rules of one file; option lists stand in a hidden sheet, which `write` adds at the end."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, ...]] = []

    def add(self, sheet: Any, column: Field, cells: str) -> None:
        """Give these cells (e.g. "C2:C2000") what the column can take; columns that take anything get no rule."""
        from openpyxl.worksheet.datavalidation import DataValidation

        if column.kind == "yes_no":
            rule = DataValidation(type="list", formula1='"是,否"', allow_blank=True)
        elif column.kind == "choice":
            rule = DataValidation(type="list", formula1=self._list_range(column), allow_blank=True)
        elif column.spec.minimum is not None and column.spec.maximum is not None and column.kind != "choices":
            rule = DataValidation(
                type="whole" if column.kind == "integer" else "decimal",
                operator="between",
                formula1=str(column.spec.minimum),
                formula2=str(column.spec.maximum),
                allow_blank=True,
            )
        else:
            return
        rule.errorTitle = column.label
        rule.error = "请从下拉列表里选。" if rule.type == "list" else f"应在 {rule.formula1} 到 {rule.formula2} 之间。"
        rule.showErrorMessage = True
        rule.add(cells)
        sheet.data_validations.append(rule)

    def _list_range(self, column: Field) -> str:
        labels = tuple(option.label for option in column.options)
        if labels not in self._lists:
            self._lists.append(labels)
        letter = column_letters(self._lists.index(labels))
        return f"{_SHEET}!${letter}$1:${letter}${max(len(labels), 1)}"

    def write(self, excel_workbook: Any) -> None:
        """The hidden sheet with the options, a column a list."""
        lists = excel_workbook.create_sheet(_SHEET)
        lists.sheet_state = "hidden"
        for row in zip_longest(*self._lists):
            lists.append(row)
