"""Preferences, who can open the workbook, and its backups."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from app.workbook import access, backup, integrity, preferences, second_backup
from app.workbook.backup_retention import MAX_BACKUPS
from app.workbook.roles import MANAGE, OWNER, REVIEW, ROLE_LABELS, Role
from app.workbook.workbook import Workbook
from resources.option_roles import yes_no
from ui.shell.page import AppContext, Page
from ui.shell.repair_offer import RENEW_KEY, RESCUE, offer_repair
from ui.shell.role_limits import limit_widget
from ui.shell.tasks import Work
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.file_choice import WORKBOOK_FILTER, folder_name, save_file_name
from ui.widgets.flow_grid import FlowGrid
from ui.widgets.number_box import NumberBox
from ui.widgets.question import ask
from ui.widgets.scrolling import scroll_area
from ui.widgets.short_answer import ask_option


class SettingsPage(Page):
    """What this copy of the workbook is set to."""

    TITLE: ClassVar[str] = "设置"
    ICON: ClassVar[str] = "settings"
    ORDER: ClassVar[int] = 900
    GROUP: ClassVar[str] = "管理"
    SHORTCUT: ClassVar[str] = "Ctrl+9"
    CHAPTER: ClassVar[str] = "02-工作簿与口令"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._actions = [
            self.add_page_action("backupNow", "立即备份", "Ctrl+B", self.back_up, "save"),
            self.add_page_action("backupTo", "备份到…", "Ctrl+Shift+B", self._choose_backup_path, "export"),
            self.add_page_action("checkBook", "检查工作簿", "Ctrl+Shift+K", self.check_integrity, "search"),
        ]
        scroll = scroll_area(self)
        scroll.setWidget(content := QWidget(scroll.viewport()))
        content_layout = QVBoxLayout(content)
        content_layout.setContentsMargins(20, 16, 20, 16)
        content_layout.setSpacing(14)
        content_layout.addWidget(self._make_card("偏好", self._build_preferences()))
        content_layout.addWidget(self._make_card("操作员与口令", self._build_operators()))
        content_layout.addWidget(self._make_card("备份", self._build_backups()))
        content_layout.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        self._reload_operators()
        self._reload_backups()

    def _make_card(self, title: str, body: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 6, 16, 14)
        heading = QLabel(title)
        heading.setProperty("heading", True)
        layout.addWidget(heading)
        body_layout = body.layout()
        if body_layout is not None:
            body_layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(body)
        return card

    def _build_preferences(self) -> QWidget:
        body = QWidget()
        form = QFormLayout(body)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for preference in preferences.PREFERENCES:
            control = self._make_preference_control(preference)
            control.setObjectName(preference.key)
            control.setAccessibleName(preference.label)
            limit_widget(control, self.context.workbook, REVIEW, "更改设置")
            line = QHBoxLayout()
            line.addWidget(control)
            hint = QLabel(preference.hint)
            hint.setProperty("quiet", True)
            hint.setWordWrap(True)
            line.addWidget(hint, 1)
            label = QLabel(preference.label)
            label.setBuddy(control)
            form.addRow(label, line)
        return body

    def _make_preference_control(self, preference: preferences.Preference) -> QWidget:
        value, key = preferences.get(self.context.workbook, preference.key), preference.key
        if preference.choices:
            combo = QComboBox()
            for choice_value, label in preference.choices:
                combo.addItem(label, choice_value)
            combo.setCurrentIndex(combo.findData(value))
            combo.activated.connect(lambda _: self._save_preference(key, combo.currentData()))
            return combo
        if isinstance(value, bool):
            box = QCheckBox(yes_no(True))
            box.setChecked(value)
            box.clicked.connect(lambda on: self._save_preference(key, on))
            return box
        if isinstance(value, int):
            number = NumberBox()
            number.setRange(preference.minimum, preference.maximum)
            number.setValue(value)
            number.editingFinished.connect(lambda: self._save_preference(key, number.value()))
            return number
        line = QLineEdit(value)
        line.setMinimumWidth(self.fontMetrics().horizontalAdvance("字" * 16))
        line.editingFinished.connect(lambda: self._save_preference(key, line.text().strip()))
        return line

    def _save_preference(self, key: str, value: preferences.PreferenceValue) -> None:
        def save() -> bool:
            if preferences.get(self.context.workbook, key) == value:
                return False
            preferences.save(self.context.workbook, key, value)
            return True

        self.context.tasks.start(save, lambda changed: self.context.status_bar.saved() if changed else None)

    def _build_operators(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        self._operator_list = QListWidget()
        self._operator_list.setObjectName("operators")
        self._operator_list.setAccessibleName("操作员")
        self._operator_list.setMaximumHeight(90)
        layout.addWidget(self._operator_list)
        buttons = []
        for name, text, shortcut, callback in (
            ("changePassphrase", "改我的口令…", "Alt+P", self._change_passphrase),
            ("addOperator", "增加操作员…", "Alt+A", self._add_operator),
            ("setRole", "设置角色…", "Alt+S", self._choose_role),
            ("removeOperator", "删除选中的操作员", "Alt+D", self._remove_operator),
            ("newRecovery", "重做恢复单…", "Alt+R", self._renew_recovery_sheet),
            ("renewKey", "换密钥…", "Alt+K", self._ask_to_renew_key),
        ):
            button = self._make_button(name, text, shortcut, callback)
            if name != "changePassphrase":
                limit_widget(button, self.context.workbook, MANAGE, text.removesuffix("…"))
            buttons.append(button)
        layout.addWidget(FlowGrid(buttons, len(buttons), 8))  # on a narrow window in two rows
        return body

    def _build_backups(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        self._backup_list = QListWidget()
        self._backup_list.setObjectName("backups")
        self._backup_list.setAccessibleName("备份")
        self._backup_list.setMaximumHeight(130)
        layout.addWidget(self._backup_list)
        hint = QLabel(
            f"关闭工作簿和导入前自动备份，保留最近 {MAX_BACKUPS} 份，以及每时、每天、每周、每月各一份。"
            "要恢复：关闭工作簿（Ctrl+W），在开始窗口选中它、输入口令，"
            "再按“从备份恢复…”（Ctrl+R）。现在的文件会改名留在旁边；恢复出来的是一份新的副本，照常参加交换。"
        )
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        layout.addWidget(hint)
        self._second_folder_label = QLabel()
        self._second_folder_label.setObjectName("secondFolderText")
        self._second_folder_label.setWordWrap(True)
        layout.addWidget(self._second_folder_label)
        second = self._make_button("secondFolder", "另存一处…", "Alt+B", self._ask_second_folder)
        layout.addWidget(second, 0, Qt.AlignmentFlag.AlignLeft)
        rescue = self._make_button("rescue", "抢救损坏的工作簿…", "Alt+Q", self._ask_to_rescue)
        layout.addWidget(rescue, 0, Qt.AlignmentFlag.AlignLeft)
        return body

    def _make_button(self, name: str, text: str, shortcut: str, callback: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setShortcut(shortcut)
        button.setToolTip(f"{text}（{shortcut}）")
        button.clicked.connect(lambda: callback())
        return button

    def _reload_operators(self) -> None:
        self._operator_list.clear()
        roles = access.roles(self.context.workbook)
        used = any(role != OWNER for role in roles.values())
        for name, role in roles.items():
            item = QListWidgetItem(f"{name}（{ROLE_LABELS[role]}）" if used else name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self._operator_list.addItem(item)

    def _chosen_operator(self, what: str) -> str:
        """The name that is selected in the list, "" where none is; the officer is told."""
        item = self._operator_list.currentItem()
        if item is None:
            self.context.status_bar.info(f"请先在名单里选中要{what}的操作员。")
            return ""
        return str(item.data(Qt.ItemDataRole.UserRole))

    def _choose_role(self) -> None:
        name = self._chosen_operator("设置角色")
        if not name:
            return
        labels = list(ROLE_LABELS.values())
        current = labels.index(ROLE_LABELS[access.roles(self.context.workbook)[name]])
        if chosen := ask_option(self, "设置角色", f"“{name}”的角色", labels, proposed=current):
            self.set_role(name, next(role for role, label in ROLE_LABELS.items() if label == chosen))

    def set_role(self, name: str, role: Role) -> None:
        """Decide what an operator may do."""
        self._run_key_change(
            lambda: access.set_role(self.context.workbook, name, role),
            f"“{name}”的角色已设为“{ROLE_LABELS[role]}”，下次打开工作簿时生效。",
        )

    def _reload_backups(self) -> None:
        self._backup_list.clear()
        backups = backup.list_backups(self.context.workbook.path)
        self._backup_list.addItems(
            [f"{backup_path.stem}　（{backup_path.stat().st_size / 2**20:.1f} MB）" for backup_path in backups]
        )
        if not backups:
            self._backup_list.addItem("还没有备份。按 Ctrl+B 立即备份一份。")

        folder = second_backup.second_folder(self.context.workbook.path)
        self._second_folder_label.setText(
            f"自动备份另存一处：{folder}" if folder else "自动备份没有另存一处。硬盘坏了，旁边的备份也没有了。"
        )

    def _ask_second_folder(self) -> None:
        """Another disk or a stick for the backups, or no more."""
        if second_backup.second_folder(self.context.workbook.path) is None:
            self._choose_second_folder()
            return
        stop = partial(self.keep_second_backups_in, None)
        choices = (("换一个文件夹…", self._choose_second_folder), ("不再另存", stop))
        ask(self, "askSecondFolder", "另存一处", self._second_folder_label.text(), choices=choices)

    def _choose_second_folder(self) -> None:
        if name := folder_name(self, "自动备份另存到哪个文件夹"):
            self.keep_second_backups_in(Path(name))

    def keep_second_backups_in(self, folder: Path | None) -> None:
        """Copy each automatic backup there, too; nowhere if None."""
        change = partial(second_backup.choose_folder, self.context.workbook.path, folder)
        self.context.tasks.start(change, lambda _: self._reload_backups())

    def back_up(self) -> None:
        """A copy in the workbook's own backup folder."""
        self._run_task(backup.automatic_backup(self.context.workbook, "手工备份"), "备份", self._on_backed_up)

    def _choose_backup_path(self) -> None:
        suggested = f"{self.context.workbook.path.stem} {datetime.now():%Y%m%d-%H%M}.hdb"
        name = save_file_name(self, "备份到", suggested, WORKBOOK_FILTER)
        if name:
            self._run_task(backup.backup(self.context.workbook, Path(name)), "备份", self._on_backed_up)

    def _on_backed_up(self, path: Path) -> None:
        self.context.status_bar.written(f"已备份到：{path.name}", path.parent)
        self._reload_backups()

    def check_integrity(self) -> None:
        """Whether the workbook is whole."""
        self._run_task(integrity.check_integrity(self.context.workbook), "检查工作簿", self._on_checked, queue="read")

    def _on_checked(self, errors: list[str]) -> None:
        if errors:
            self.context.workbook.damaged = True
            message = f"有 {len(errors)} 处不完好：{errors[0]}。"
            self.context.status_bar.error(f"{message}请用最近的备份恢复，或抢救读得出的内容。")
            offer_repair(self.context.window, self.context.close_to, message)
        else:
            self.context.status_bar.info("工作簿完好：文件、引用、日志均一致。")

    def _run_task(self, work: Work, title: str, done: Callable[[Any], object], queue: Any = "write") -> None:
        self.context.tasks.start(work, done, queue=queue, title=title)

    def _change_passphrase(self) -> None:
        operator = self.context.workbook.operator
        questions = (("现在的口令（或恢复码）", True), ("新口令", True), ("再输一次新口令", True))
        answers = _prompt(self, f"改“{operator}”的口令", questions)
        if answers and self._confirm_repeated(answers[1], answers[2]):
            old, new = answers[0], answers[1]
            self._run_key_change(
                lambda: access.change_passphrase(self.context.workbook, operator, old, new), "口令已改。"
            )

    def _add_operator(self) -> None:
        questions = (("新操作员姓名", False), ("他的口令", True), ("再输一次他的口令", True), ("您自己的口令", True))
        answers = _prompt(self, "增加操作员", questions)
        if answers and self._confirm_repeated(answers[1], answers[2]):
            name, new_passphrase, own_passphrase = answers[0], answers[1], answers[3]
            self._run_key_change(
                lambda: access.add_operator(self.context.workbook, name, new_passphrase, proof=own_passphrase),
                f"“{name}”可以打开工作簿了。",
            )

    def _confirm_repeated(self, first: str, second: str) -> bool:
        if first != second:
            self.context.status_bar.error("两次输入的口令不一致，没有改动。")
        return first == second

    def _remove_operator(self) -> None:
        name = self._chosen_operator("删除")
        if not name:
            return
        self._run_key_change(
            lambda: access.remove_operator(self.context.workbook, name),
            f"“{name}”的口令不再能打开工作簿。他手里若有旧文件，请换密钥（Alt+K）。",
        )

    def _ask_to_renew_key(self) -> None:
        message = "换密钥要先关闭工作簿：先备份，再整个重新加密。恢复码换新的，其他操作员要重新添加。"
        details = "删除过操作员、怕他手里有旧文件的，换过以后，他打不开新的文件。"
        choices = (("关闭并换密钥…", partial(self.context.close_to, RENEW_KEY)),)
        ask(self, "askRenewKey", "换密钥", message, details, choices=choices)

    def _ask_to_rescue(self) -> None:
        message = "抢救把读得出的放进一个新的工作簿，并写明缺什么、哪位同事那里有。要先关闭现在的工作簿。"
        choices = (("关闭并抢救…", partial(self.context.close_to, RESCUE)),)
        ask(self, "askRescue", "抢救损坏的工作簿", message, "现在的文件不会改动。", choices=choices)

    def _renew_recovery_sheet(self) -> None:
        answers = _prompt(self, "重做恢复单（旧的恢复码随即作废）", (("您的口令", True),))
        if not answers:
            return
        name = save_file_name(self, "恢复单存在哪里", "恢复单.pdf", "PDF (*.pdf)")
        if name:
            self._run_task(
                partial(_write_new_recovery_sheet, self.context.workbook, answers[0], Path(name)),
                "恢复单",
                self.context.status_bar.info,
            )

    def _run_key_change(self, change: Callable[[], None], message: str) -> None:
        def on_changed(_: object) -> None:
            self.context.status_bar.info(message)
            self._reload_operators()

        self.context.tasks.start(change, on_changed)


def _write_new_recovery_sheet(workbook: Workbook, secret: str, out: Path) -> str:
    """A new recovery code and its sheet; the code is made only after the sheet can be written there."""
    from app.printing import recovery_sheet

    try:
        out.touch()
    except OSError as error:
        raise UserError(f"“{out.parent}”不能写入，恢复单没有重做，旧的仍然有效。") from error
    code = access.renew_recovery_code(workbook, secret)
    recovery_sheet.write_for_workbook(workbook, code, out)
    return f"新的恢复单已存到 {out.name}，请打印后删除这个文件；旧的恢复单已作废。"


def _prompt(parent: QWidget, title: str, questions: tuple[tuple[str, bool], ...]) -> list[str]:
    """Ask several lines at once, secret ones hidden; [] if cancelled."""
    dialog = Dialog(parent)
    dialog.setWindowTitle(title)
    form = QFormLayout(dialog)
    lines = []
    for n, (label, secret) in enumerate(questions):
        line = QLineEdit()
        line.setObjectName(f"asked_{n}")
        line.setAccessibleName(label)
        line.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        form.addRow(label, line)
        lines.append(line)
    form.addRow(ButtonRow(dialog, "确定"))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    return [line.text() for line in lines] if dialog.exec() == QDialog.DialogCode.Accepted else []
