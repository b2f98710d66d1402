"""Giving a view a name."""

from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog


class SaveViewDialog(Dialog):
    """Accepted, `name` and `shared` are what was chosen."""

    def __init__(self, name: str, shared: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("saveView")
        self.setWindowTitle("保存为视图")
        self.resize(420, 0)
        self.name_edit = QLineEdit(name)
        self.name_edit.setObjectName("view_name")
        self.name_edit.setAccessibleName("视图的名称")
        self.name_edit.setPlaceholderText("如：二组没还清的贷款")
        self.shared_box = QCheckBox("随数据包发给同事（不勾：只留在本机）")
        self.shared_box.setObjectName("view_shared")
        self.shared_box.setChecked(shared)
        hint = QLabel("查找框、下拉框里选的也一起存。同名的视图会被换掉。")
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        for widget in (QLabel("名称"), self.name_edit, self.shared_box, hint, ButtonRow(self, "保存", "keep_view")):
            layout.addWidget(widget)

    @property
    def name(self) -> str:
        return self.name_edit.text()

    @property
    def shared(self) -> bool:
        return self.shared_box.isChecked()

    def accept(self) -> None:
        if self.name.strip():
            super().accept()
        else:
            self.name_edit.setFocus()
