"""收证件: pictures of certificates, read by the machine, each looked at and confirmed by an officer."""

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.certificate_intake.kind import certificate_kinds
from app.certificate_intake.matching import CertificateOwner, MatchedPicture, household_owner, member_owner
from app.certificate_intake.proposals import ColumnProposal, column_proposals, read_files, read_folder
from app.certificate_intake.reader import NOT_INSTALLED, is_installed
from app.certificate_intake.scanning import enlarged_certificate
from app.certificate_intake.taking_in import ConfirmedCertificate, TakenCertificates, take_in_certificates
from app.progress import Task
from app.registers.engine.topic import Topic
from app.workbook.workbook import WorkbookChanges
from ui.certificate_intake.certificate_list import CertificateChoice, CertificateList
from ui.certificate_intake.column_rows import ColumnRows
from ui.household.household_picker import HouseholdPicker
from ui.household.member_picker import MemberChoice
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import folder_name, open_file_names
from ui.widgets.picture_filter import PICTURE_FILTER
from ui.widgets.picture_panes import LargePicture, PicturesBeside
from ui.widgets.question import ask, tell
from ui.widgets.scrolling import scrolling
from ui.widgets.start_card import StartCard

_BEGINNING, _NOT_HERE = "选择证件照片所在的文件夹", "这台电脑上不能识别证件"
_HINT = (
    "能识别身份证、户口簿、残疾人证、银行卡和社会保障卡；也可以按 Ctrl+O 只选几张照片。\n"
    "读出的内容由您逐张核对，确认以前不会写入任何内容。照片只在本机识别，不联网。"
)
_LEFT_SHOWN = 5


class CertificateIntakePage(Page):
    """Left the pictures, right the current one with its cut-outs. Nothing is written before 写入工作簿."""

    TITLE: ClassVar[str] = "收证件"
    ICON: ClassVar[str] = "card"
    ORDER: ClassVar[int] = 299
    TOPIC: ClassVar[Topic | None] = Topic.SUPPORT
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 0, 1"
    CHAPTER: ClassVar[str] = "23-走访和照片"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.choices: list[CertificateChoice] = []
        self.dialog: HouseholdPicker | MemberChoice | None = None
        self._large = QPixmap()
        self.certificates = CertificateList()
        self.certificates.currentRowChanged.connect(self._show_current)
        self.preview = LargePicture(320, 160)
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("kind")
        self.kind_box.setAccessibleName("证件种类")
        for kind in certificate_kinds():
            self.kind_box.addItem(kind.title, kind.key)
        self.kind_box.activated.connect(self._choose_kind)
        self.owner_box = QComboBox()
        self.owner_box.setObjectName("owner")
        self.owner_box.setAccessibleName("归到谁")
        self.owner_box.activated.connect(lambda index: self._set_owner(self.owner_box.itemData(index)))
        self.doubt = QLabel()
        self.doubt.setObjectName("doubt")
        self.doubt.setProperty("remark", "warning")
        self.doubt.setWordWrap(True)
        self.rows = ColumnRows()
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = self._make_actions()
        self.start = (
            StartCard("card", _BEGINNING, _HINT, self._actions[0])
            if is_installed()
            else StartCard("card", _NOT_HERE, NOT_INSTALLED)
        )
        self._build_layout()
        self._show_choices([])

    def _make_actions(self) -> list[QAction]:
        self.add_page_action("next_open", "下一张没有确认的", "Ctrl+J", self._go_on)
        return [
            self.add_page_action("choose", "选文件夹…", "Ctrl+I", self._choose_folder, "open"),
            self.add_page_action("choose_files", "选照片…", "Ctrl+O", self._choose_files, "photo"),
            self.add_page_action("person", "选人…", "F2", self._choose_person, "households"),
            self.add_page_action("new_person", "新增到一户…", "Alt+N", self._choose_household_of_new, "add"),
            self.add_page_action("leave_out", "不收这张", "Ctrl+Delete", self._leave_out, "close"),
            self.add_page_action("confirm", "确认，下一张", "Return", self._confirm, "settled"),
            self.add_page_action("take_in", "写入工作簿", "Ctrl+Return", self._ask_to_take_in, "take_in"),
        ]

    def _build_layout(self) -> None:
        self._beside = PicturesBeside(self.start, self.certificates, (380, 760))
        right_layout = self._beside.right
        right_layout.addWidget(self.preview, 2)
        line = QHBoxLayout()
        for text, box, stretch in (("证件种类", self.kind_box, 0), ("归到谁", self.owner_box, 1)):
            label = QLabel(text)
            label.setBuddy(box)
            line.addWidget(label)
            line.addWidget(box, stretch)
        right_layout.addLayout(line)
        right_layout.addWidget(self.doubt)
        right_layout.addWidget(scrolling(self.rows), 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self._beside, 1)
        layout.addWidget(self.count)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, folder: str = "", **params: Any) -> None:
        """`folder`: read the pictures of this one."""
        if folder:
            self.load(Path(folder))
        self._beside.focus()

    def refresh(self, changes: WorkbookChanges) -> None:
        """The pictures are files; what is stored beside them is read anew when one becomes current."""

    def load(self, folder: Path) -> None:
        """Read a folder; what was confirmed before in another and not written is let go of."""
        self._read(read_folder(self.context.workbook, folder), folder.name)

    def _read(self, task: Task[list[MatchedPicture]], name: str) -> None:
        self.context.tasks.start(task, self._show_read, title=f"读证件：{name}", queue="read")

    def _choose_folder(self) -> None:
        if name := folder_name(self, "证件照片所在的文件夹或 U 盘"):
            self.load(Path(name))

    def _choose_files(self) -> None:
        if names := open_file_names(self, "选证件照片", "", PICTURE_FILTER):
            self._read(read_files(self.context.workbook, [Path(name) for name in names]), f"{len(names)} 张")

    def _show_read(self, found: list[MatchedPicture]) -> None:
        self._show_choices([CertificateChoice.of(one) for one in found])
        self._beside.focus()

    def _show_choices(self, choices: list[CertificateChoice]) -> None:
        self.choices = choices
        self.certificates.show_choices(choices)
        self._beside.show_pictures(bool(choices))
        self._show_current(self.certificates.currentRow())
        self._tell_count()

    @property
    def current(self) -> CertificateChoice | None:
        """That of the current line; None where there is none, or its file is refused."""
        n = self.certificates.currentRow()
        choice = self.choices[n] if 0 <= n < len(self.choices) else None
        return choice if choice and not choice.matched.picture.refusal else None

    def _show_current(self, n: int) -> None:
        """The current picture, what it is, whose it is; its cut-outs come with the picture."""
        choice = self.current
        self.preview.clear()
        self.rows.clear()
        self.owner_box.clear()
        for box in (self.kind_box, self.owner_box):
            box.setEnabled(choice is not None)
        self.kind_box.setCurrentIndex(self.kind_box.findData(choice.kind.key) if choice and choice.kind else -1)
        shown = self.choices[n] if 0 <= n < len(self.choices) else None
        self.doubt.setText(shown.doubt if shown else "")
        if choice is None:
            return
        for owner in dict.fromkeys([*([choice.owner] if choice.owner else []), *choice.matched.choices]):
            self.owner_box.addItem(owner.label, owner)
        self.owner_box.setCurrentIndex(0 if choice.owner else -1)
        picture = choice.matched.picture
        self.context.tasks.read(partial(enlarged_certificate, picture), partial(self._show_large, choice))

    def _show_large(self, choice: CertificateChoice, jpeg: bytes) -> None:
        self._large = QPixmap()
        if choice is not self.current or not self._large.loadFromData(jpeg):
            return
        self.preview.show_picture(self._large)
        if choice.kind is not None:
            show = partial(self._show_columns, choice)
            self.context.read(show, column_proposals, choice.kind, choice.values, choice.owner)

    def _show_columns(self, choice: CertificateChoice, proposals: list[ColumnProposal]) -> None:
        if choice is self.current:
            self.rows.show_proposals(proposals, self._large)
            if choice.confirmed:
                self.rows.load(choice.confirmed.values)

    def _show_changed(self) -> None:
        n = self.certificates.currentRow()
        self.certificates.update_line(n, self.choices[n])
        self._show_current(n)
        self._tell_count()

    def _choose_kind(self, index: int) -> None:
        if choice := self.current:
            choice.choose_kind(certificate_kinds()[index])
            self._show_changed()

    def _set_owner(self, owner: CertificateOwner | None) -> None:
        choice = self.current
        if choice and owner is None:
            self.context.status_bar.info("这个人已不在名单里，请另选。")
        elif choice and owner:
            choice.choose_owner(owner)
            for n, other in enumerate(self.choices):
                if other.is_open and other.owner is None and other.id_no and other.id_no == choice.id_no:
                    other.choose_owner(owner)
                    self.certificates.update_line(n, other)
            self._show_changed()

    def _choose_person(self) -> None:
        choice = self.current
        if choice is None:
            return
        if choice.kind is not None and not choice.kind.is_of_member:
            self._choose_household("归到哪一户？", is_new=False)
            return
        self.dialog = people = MemberChoice(self.context, "收证件", self, self._find_member)
        people.choose()

    def _find_member(self, ids: list[str]) -> None:
        choice = self.current
        is_of_member = choice is None or choice.kind is None or choice.kind.is_of_member
        self.context.read(self._set_owner, member_owner, ids[0], is_of_member=is_of_member)

    def _choose_household_of_new(self) -> None:
        if self.current is not None:
            self._choose_household("新增到哪一户？", is_new=True)

    def _choose_household(self, prompt: str, *, is_new: bool) -> None:
        self.dialog = picker = HouseholdPicker(self.context, "收证件", prompt, self, accept_label="确定")
        picker.accepted.connect(
            lambda: self.context.read(self._set_owner, household_owner, picker.household_id, is_new=is_new)
        )
        picker.open()

    def _leave_out(self) -> None:
        if choice := self.current:
            choice.is_left_out, choice.confirmed = not choice.is_left_out, None
            self._show_changed()
            if choice.is_left_out:
                self._go_on()

    def _confirm(self) -> None:
        """What is ticked of the current certificate will be written; the next that is open becomes current."""
        choice = self.current
        if choice is None:
            return
        if choice.kind is None or choice.owner is None:
            told = "先选证件种类。" if choice.kind is None else "先按 F2 选人，或按 Alt+N 新增到一户。"
            self.context.status_bar.info(told)
            return
        values = self.rows.ticked()
        if values is not None:
            named = next((str(value) for place, value in values.items() if place.field.name == "name" and value), "")
            choice.confirm(named or choice.name, values, self.rows.shown())
            self._show_changed()
            self._go_on()

    def _go_on(self) -> None:
        """To the next below that is open, from the top again at the end."""
        at, number = self.certificates.currentRow(), len(self.choices)
        following = ((at + n) % number for n in range(1, number + 1))
        if (found := next((n for n in following if self.choices[n].is_open), -1)) >= 0:
            self.certificates.setCurrentRow(found)
        elif self.choices:
            self.context.status_bar.info("都看过了。按 Ctrl+回车 写入工作簿。")

    def _tell_count(self) -> None:
        confirmed = sum(one.confirmed is not None for one in self.choices)
        waiting = sum(one.is_open for one in self.choices)
        refused = sum(bool(one.matched.picture.refusal) for one in self.choices)
        told = [f"共 {len(self.choices)} 张", f"已确认 {confirmed} 张", f"还没有确认 {waiting} 张"]
        told += [f"不能用 {refused} 张"] if refused else []
        self.count.setText("　".join(told) if self.choices else "")

    def _ask_to_take_in(self) -> None:
        confirmed = [one.confirmed for one in self.choices if one.confirmed]
        if not confirmed:
            self.context.status_bar.info("还没有确认的。请逐张核对，按回车确认。")
            return
        waiting = sum(one.is_open for one in self.choices)
        columns = sum(len(one.values) for one in confirmed)
        details = f"{waiting} 张还没有确认，这次不写。" if waiting else ""
        message = f"把 {len(confirmed)} 张证件、{columns} 项内容写入工作簿吗？"
        choices = (("写入工作簿", partial(self._take_in, confirmed)),)
        ask(self, "ask_take_in", "收证件", message, details, choices=choices)

    def _take_in(self, confirmed: list[ConfirmedCertificate]) -> None:
        task = take_in_certificates(self.context.workbook, confirmed)
        self.context.tasks.start(task, partial(self._show_taken_in, confirmed), title="收证件")

    def _show_taken_in(self, confirmed: list[ConfirmedCertificate], taken: TakenCertificates) -> None:
        """Certificates that nobody has decided about yet stay in the list."""
        already = f"，{taken.already} 张本来就有" if taken.already else ""
        added = f"，新增 {taken.people} 人" if taken.people else ""
        self.context.status_bar.saved(f"已收 {taken.copies} 张证件、填 {taken.columns} 项{added}{already}")
        if taken.left:
            more = f"\n等 {len(taken.left)} 项" if len(taken.left) > _LEFT_SHOWN else ""
            tell(self, "left_certificates", "收证件", "这些没有写：", "\n".join(taken.left[:_LEFT_SHOWN]) + more)
        left = [one for one in self.choices if one.confirmed not in confirmed]
        self._show_choices(left if any(one.is_open for one in left) else [])
        self._beside.focus()
