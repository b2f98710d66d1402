"""Preferences, who can open the workbook, and its backups."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook import access, backup, preferences, soundness
from app.workbook.workbook import Workbook
from ui.page import Office, Page


class SettingsPage(Page):
    """What this copy of the workbook is set to."""

    TITLE: ClassVar[str] = "设置"
    ICON: ClassVar[str] = "settings"
    ORDER: ClassVar[int] = 900

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._actions = [
            self.action("backupNow", "立即备份", "Ctrl+B", self.back_up, "save"),
            self.action("backupTo", "备份到…", "Ctrl+Shift+B", self._ask_backup, "export"),
            self.action("checkBook", "检查工作簿", "Ctrl+Shift+K", self.check, "search"),
        ]
        inside = QWidget()
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(20, 16, 20, 16)
        cards.setSpacing(14)
        cards.addWidget(self._card("偏好", self._preferences()))
        cards.addWidget(self._card("操作员与口令", self._people()))
        cards.addWidget(self._card("备份", self._backups()))
        cards.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        self._list_people()
        self._list_backups()

    def _card(self, title: str, body: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        side = QVBoxLayout(card)
        side.setContentsMargins(16, 6, 16, 14)
        heading = QLabel(title)
        heading.setProperty("heading", True)
        side.addWidget(heading)
        inside = body.layout()
        if inside is not None:
            inside.setContentsMargins(0, 4, 0, 0)
        side.addWidget(body)
        return card

    def _preferences(self) -> QWidget:
        body = QWidget()
        form = QFormLayout(body)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for preference in preferences.PREFERENCES:
            control = self._preference(preference)
            control.setObjectName(preference.key)
            control.setAccessibleName(preference.label)
            line = QHBoxLayout()
            line.addWidget(control)
            hint = QLabel(preference.hint)
            hint.setProperty("quiet", True)
            line.addWidget(hint)
            line.addStretch()
            label = QLabel(preference.label)
            label.setBuddy(control)
            form.addRow(label, line)
        return body

    def _preference(self, preference: preferences.Preference) -> QWidget:
        value, key = preferences.get(self.office.workbook, preference.key), preference.key
        if preference.choices:
            combo = QComboBox()
            for kept, label in preference.choices:
                combo.addItem(label, kept)
            combo.setCurrentIndex(combo.findData(value))
            combo.activated.connect(lambda _: self._put(key, combo.currentData()))
            return combo
        if isinstance(value, bool):
            box = QCheckBox("是")
            box.setChecked(value)
            box.clicked.connect(lambda on: self._put(key, on))
            return box
        if isinstance(value, int):
            number = QSpinBox()
            number.setRange(preference.least, preference.most)
            number.setValue(value)
            number.lineEdit().setTextMargins(6, 0, 0, 0)
            number.editingFinished.connect(lambda: self._put(key, number.value()))
            return number
        line = QLineEdit(value)
        line.setMinimumWidth(self.fontMetrics().horizontalAdvance("字" * 16))
        line.editingFinished.connect(lambda: self._put(key, line.text().strip()))
        return line

    def _put(self, key: str, value: preferences.Kept) -> None:
        def putting() -> Work[bool]:
            yield Progress(0, 1)
            if preferences.get(self.office.workbook, key) == value:
                return False
            preferences.put(self.office.workbook, key, value)
            return True

        self.office.jobs.start(putting(), lambda changed: self.office.notices.saved() if changed else None)

    def _people(self) -> QWidget:
        body = QWidget()
        side = QVBoxLayout(body)
        self._names = QListWidget()
        self._names.setObjectName("operators")
        self._names.setAccessibleName("操作员")
        self._names.setMaximumHeight(90)
        side.addWidget(self._names)
        line = QHBoxLayout()
        for name, text, shortcut, run in (
            ("changePassphrase", "改我的口令…", "Alt+P", self._ask_change),
            ("addOperator", "增加操作员…", "Alt+A", self._ask_add),
            ("removeOperator", "删除选中的操作员", "Alt+D", self._remove),
            ("newRecovery", "重做恢复单…", "Alt+R", self._ask_recovery),
        ):
            line.addWidget(self._button(name, text, shortcut, run))
        line.addStretch()
        side.addLayout(line)
        return body

    def _backups(self) -> QWidget:
        body = QWidget()
        side = QVBoxLayout(body)
        self._copies = QListWidget()
        self._copies.setObjectName("backups")
        self._copies.setAccessibleName("备份")
        self._copies.setMaximumHeight(130)
        side.addWidget(self._copies)
        hint = QLabel(
            f"自动保留最近 {backup.KEPT} 份。要恢复：关闭工作簿（Ctrl+W），在开始窗口选中它、输入口令，"
            "再按“从备份恢复…”（Ctrl+R）。现在的文件会改名留在旁边；恢复出来的是一份新的副本，照常参加交换。"
        )
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        side.addWidget(hint)
        return body

    def _button(self, name: str, text: str, shortcut: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setShortcut(shortcut)
        button.setToolTip(f"{text}（{shortcut}）")
        button.clicked.connect(lambda: run())
        return button

    def _list_people(self) -> None:
        self._names.clear()
        self._names.addItems(access.operators(self.office.workbook.path))

    def _list_backups(self) -> None:
        self._copies.clear()
        copies = backup.copies(self.office.workbook.path)
        self._copies.addItems([f"{copy.stem}　（{copy.stat().st_size / 2**20:.1f} MB）" for copy in copies])
        if not copies:
            self._copies.addItem("还没有备份。按 Ctrl+B 立即备份一份。")

    def back_up(self) -> None:
        """A copy in the workbook's own backup folder."""
        self._run(backup.before(self.office.workbook, "手工备份"), "备份", self._backed_up)

    def _ask_backup(self) -> None:
        suggested = f"{self.office.workbook.path.stem} {datetime.now():%Y%m%d-%H%M}.hdb"
        name, _ = QFileDialog.getSaveFileName(self, "备份到", suggested, "驻村户档工作簿 (*.hdb)")
        if name:
            self._run(backup.backup(self.office.workbook, Path(name)), "备份", self._backed_up)

    def _backed_up(self, path: Path) -> None:
        self.office.notices.tell(f"已备份到：{path.name}")
        self._list_backups()

    def check(self) -> None:
        """Whether the workbook is whole."""
        self._run(soundness.faults(self.office.workbook), "检查工作簿", self._checked, lane="read")

    def _checked(self, faults: list[str]) -> None:
        if faults:
            self.office.notices.refused(f"有 {len(faults)} 处不完好：{faults[0]}。请用最近的备份恢复。")
        else:
            self.office.notices.tell("工作簿完好：文件、引用、日志都对得上。")

    def _run(self, work: Work[Any], title: str, done: Callable[[Any], object], lane: Any = "write") -> None:
        self.office.jobs.start(work, done, lane=lane, title=title)

    def _ask_change(self) -> None:
        me = self.office.workbook.operator
        asked = (("现在的口令（或恢复码）", True), ("新口令", True), ("再输一次新口令", True))
        said = _ask(self, f"改“{me}”的口令", asked)
        if said and self._same(said[1], said[2]):
            old, new = said[0], said[1]
            self._secretly(lambda: access.change_passphrase(self.office.workbook, me, old, new), "口令已改。")

    def _ask_add(self) -> None:
        asked = (("新操作员姓名", False), ("他的口令", True), ("再输一次他的口令", True), ("您自己的口令", True))
        said = _ask(self, "增加操作员", asked)
        if said and self._same(said[1], said[2]):
            name, secret, mine = said[0], said[1], said[3]
            self._secretly(
                lambda: access.add_operator(self.office.workbook, name, secret, proof=mine),
                f"“{name}”可以打开工作簿了。",
            )

    def _same(self, one: str, other: str) -> bool:
        if one != other:
            self.office.notices.refused("两次输入的口令不一样，没有改动。")
        return one == other

    def _remove(self) -> None:
        item = self._names.currentItem()
        if item is None:
            self.office.notices.tell("请先在名单里选中要删除的操作员。")
            return
        name = item.text()
        self._secretly(lambda: access.remove_operator(self.office.workbook, name), f"“{name}”的口令不再能打开工作簿。")

    def _ask_recovery(self) -> None:
        said = _ask(self, "重做恢复单（旧的恢复码随即作废）", (("您的口令", True),))
        if not said:
            return
        name, _ = QFileDialog.getSaveFileName(self, "恢复单存在哪里", "恢复单.pdf", "PDF (*.pdf)")
        if name:
            self._run(_new_sheet(self.office.workbook, said[0], Path(name)), "恢复单", self.office.notices.tell)

    def _secretly(self, change: Callable[[], None], told: str) -> None:
        def changing() -> Work[None]:
            yield Progress(0, 1)
            change()

        def done(_: object) -> None:
            self.office.notices.tell(told)
            self._list_people()

        self.office.jobs.start(changing(), done)


def _new_sheet(workbook: Workbook, secret: str, out: Path) -> Work[str]:
    """A new recovery code and its sheet; the code is made only after the sheet can be written there."""
    from app.archive import recovery_sheet

    yield Progress(0, 1)
    try:
        out.touch()
    except OSError as error:
        raise OfficeError(f"“{out.parent}”不能写入，恢复单没有重做，旧的仍然有效。") from error
    code = access.new_recovery(workbook, secret)
    recovery_sheet.write_for(workbook, code, out)
    return f"新的恢复单已存到 {out.name}，请打印后删除这个文件；旧的恢复单已作废。"


def _ask(parent: QWidget, title: str, asked: tuple[tuple[str, bool], ...]) -> list[str]:
    """Ask several lines at once, secret ones hidden; [] if cancelled."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    form = QFormLayout(dialog)
    lines = []
    for n, (label, secret) in enumerate(asked):
        line = QLineEdit()
        line.setObjectName(f"asked_{n}")
        line.setAccessibleName(label)
        line.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        form.addRow(label, line)
        lines.append(line)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    form.addRow(buttons)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    return [line.text() for line in lines] if dialog.exec() == QDialog.DialogCode.Accepted else []
