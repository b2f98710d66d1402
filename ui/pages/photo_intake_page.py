"""收照片: a folder or stick of telephone photographs, each with the visit or inspection it seems to belong to."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout

from app.photo_intake.scanning import enlarged
from app.photo_intake.sorting import SortedPicture, Target, household_targets, sort_folder
from app.photo_intake.taking_in import ChosenPhoto, IntakeResult, take_in
from app.records.field import field
from app.registers.engine.topic import Topic
from app.workbook.workbook import WorkbookChanges
from resources.option_roles import value_of
from ui.household.household_picker import HouseholdPicker
from ui.photo_intake.picture_list import PictureChoice, PictureList
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import folder_name
from ui.widgets.picture_panes import LargePicture, PicturesBeside
from ui.widgets.question import ask, tell
from ui.widgets.start_card import StartCard

_BEGINNING = "选择手机照片所在的文件夹"
_HINT = (
    "文件夹、U 盘或接在电脑上的手机都可以；JPG、PNG、HEIC 都能收。\n"
    "照片按拍摄时间对应走访和检查；先拍了户的二维码卡的，按卡对应到户。\n"
    "按“收进工作簿”以前，不会写入任何内容。"
)
_PREVIEW_SIDE = 720  # pixels
_REFUSALS_SHOWN = 5
_NO_KIND = "（不填类别）"


class PhotoIntakePage(Page):
    """Left the pictures, right the current one large with where it goes. Nothing is written before 收进工作簿."""

    TITLE: ClassVar[str] = "收照片"
    ICON: ClassVar[str] = "photo"
    ORDER: ClassVar[int] = 298
    TOPIC: ClassVar[Topic | None] = Topic.SUPPORT
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 1, 4"
    CHAPTER: ClassVar[str] = "23-走访和照片"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.choices: list[PictureChoice] = []
        self.folder = Path()
        self.picker: HouseholdPicker | None = None
        self.pictures = PictureList()
        self.pictures.current_changed.connect(self._show_current)
        self.preview = LargePicture(320, 240)
        self.target_box = self._box("target", "收到哪里", self._choose_target)
        self.kind_box = self._box("kind", "类别", self._choose_kind)
        self.kind_box.addItem(_NO_KIND, "")
        for option in field("photo", "kind").options:
            self.kind_box.addItem(option.label, option.value)
        self.doubt = QLabel()
        self.doubt.setObjectName("doubt")
        self.doubt.setProperty("remark", "warning")
        self.doubt.setWordWrap(True)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = self._make_actions()
        self.start = StartCard("photo", _BEGINNING, _HINT, self._actions[0])
        self._build_layout()
        self._show_choices([])

    def _box(self, name: str, label: str, chosen: Callable[[int], object]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.activated.connect(chosen)
        return box

    def _make_actions(self) -> list[QAction]:
        before, after = (value_of("photo_kind", role) for role in ("before", "after"))
        self.add_page_action("before", f"记为{before}", "Alt+B", partial(self._set_kind, before))
        self.add_page_action("after", f"记为{after}", "Alt+A", partial(self._set_kind, after))
        self.add_page_action("next_doubt", "下一张有疑问的", "Ctrl+J", self._go_to_doubt)
        return [
            self.add_page_action("choose", "选文件夹…", "Ctrl+I", self._choose_folder, "open"),
            self.add_page_action("household", "选户…", "F2", self._choose_household, "households"),
            self.add_page_action("same", "同上一张", "Ctrl+D", self._take_over, "down"),
            self.add_page_action("leave_out", "不收这张", "Ctrl+Delete", self._leave_out, "close"),
            self.add_page_action("take_in", "收进工作簿", "Ctrl+Return", self._ask_to_take_in, "take_in"),
            self.add_page_action("cards", "印二维码卡", "Ctrl+P", self._print_cards, "print"),
        ]

    def _build_layout(self) -> None:
        self._beside = PicturesBeside(self.start, self.pictures, (560, 560))
        right_layout = self._beside.right
        right_layout.addWidget(self.preview, 1)
        form = QFormLayout()
        form.addRow("收到哪里", self.target_box)
        form.addRow("类别", self.kind_box)
        right_layout.addLayout(form)
        right_layout.addWidget(self.doubt)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self._beside, 1)
        layout.addWidget(self.count)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, folder: str = "", **params: Any) -> None:
        """`folder`: look through this one."""
        if folder:
            self.load(Path(folder))
        self._beside.focus()

    def refresh(self, changes: WorkbookChanges) -> None:
        """The pictures are files; what was proposed stays until another folder is chosen."""

    def load(self, folder: Path) -> None:
        """Look through a folder; what was chosen before in another is let go of."""
        self.folder = folder
        task = sort_folder(self.context.workbook, folder)
        self.context.tasks.start(task, self._show_sorted, title=f"看照片：{folder.name}", queue="read")

    def _choose_folder(self) -> None:
        if name := folder_name(self, "照片所在的文件夹或 U 盘"):
            self.load(Path(name))

    def _show_sorted(self, found: list[SortedPicture]) -> None:
        self._show_choices([PictureChoice(one, one.target, one.kind, one.doubt) for one in found])
        self._beside.focus()

    def _show_choices(self, choices: list[PictureChoice]) -> None:
        self.choices = choices
        self.pictures.show_choices(choices)
        self._beside.show_pictures(bool(choices))
        self._show_current(self.pictures.currentRow())
        self._tell_count()

    def _show_current(self, n: int) -> None:
        """The current picture large, where it goes, and what else there is on its day."""
        choice = self.choices[n] if 0 <= n < len(self.choices) else None
        is_photo = choice is not None and choice.proposed.is_photo
        for box in (self.target_box, self.kind_box):
            box.setEnabled(is_photo)
        self.target_box.clear()
        self.preview.clear()
        self.doubt.setText(choice.doubt if choice else "")
        if choice is None:
            return
        targets = list(dict.fromkeys([*([choice.target] if choice.target else []), *choice.proposed.choices]))
        for target in targets:
            self.target_box.addItem(target.label, target)
        self.target_box.setCurrentIndex(0 if choice.target else -1)
        self.kind_box.setCurrentIndex(max(0, self.kind_box.findData(choice.kind)))
        path = choice.proposed.picture.path
        if not choice.proposed.picture.refusal:
            self.context.tasks.read(partial(enlarged, path, _PREVIEW_SIDE), partial(self._show_large, path))

    def _show_large(self, path: Path, jpeg: bytes) -> None:
        n = self.pictures.currentRow()
        pixmap = QPixmap()
        if 0 <= n < len(self.choices) and self.choices[n].proposed.picture.path == path and pixmap.loadFromData(jpeg):
            self.preview.show_picture(pixmap)

    def _each_selected(self) -> list[int]:
        return [n for n in self.pictures.selected_rows() if self.choices[n].proposed.is_photo]

    def _set_target(self, rows: list[int], target: Target) -> None:
        for n in rows:
            self.choices[n].take(target)
        self._show_changed(rows)

    def _show_changed(self, rows: list[int]) -> None:
        for n in rows:
            self.pictures.update_line(n, self.choices[n])
        self._show_current(self.pictures.currentRow())
        self._tell_count()

    def _choose_target(self, index: int) -> None:
        self._set_target(self._each_selected(), self.target_box.itemData(index))

    def _choose_kind(self, index: int) -> None:
        self._set_kind(str(self.kind_box.itemData(index)))

    def _set_kind(self, kind: str) -> None:
        rows = self._each_selected()
        for n in rows:
            self.choices[n].kind = kind
        self._show_changed(rows)

    def _choose_household(self) -> None:
        rows = self._each_selected()
        if not rows:
            return
        self.picker = picker = HouseholdPicker(self.context, "收照片", "哪一户的照片？", self, accept_label="确定")
        picker.accepted.connect(lambda: self._find_target(rows, picker.household_id))
        picker.open()

    def _find_target(self, rows: list[int], household_id: str) -> None:
        days = {self.choices[n].day for n in rows}
        self.context.read(partial(self._set_household, rows), household_targets, household_id, days)

    def _set_household(self, rows: list[int], targets: dict[date | None, Target]) -> None:
        """Each picture goes to the household's visit of its own day."""
        for n in rows:
            self.choices[n].take(targets[self.choices[n].day])
        self._show_changed(rows)

    def _take_over(self) -> None:
        """The target and kind of the line above the first that is selected."""
        rows = self._each_selected()
        before = reversed(self.choices[: rows[0]]) if rows else ()
        above = next((one for one in before if one.target), None)
        if above is None or above.target is None:
            self.context.status_bar.info("上面没有已经选好的照片。")
            return
        for n in rows:
            self.choices[n].kind = above.kind
        self._set_target(rows, above.target)

    def _leave_out(self) -> None:
        rows = self._each_selected()
        leaves = not all(self.choices[n].is_left_out for n in rows)
        for n in rows:
            self.choices[n].is_left_out = leaves
        self._show_changed(rows)

    def _go_to_doubt(self) -> None:
        """The next picture below that needs a look, from the top again at the end."""
        at, number = self.pictures.currentRow(), len(self.choices)
        following = ((at + n) % number for n in range(1, number + 1))
        doubtful = (n for n in following if self._needs_look(self.choices[n]))
        if (found := next(doubtful, -1)) >= 0:
            self.pictures.setCurrentRow(found)
        else:
            self.context.status_bar.info("没有有疑问的照片了。按 Ctrl+回车 收进工作簿。")

    @staticmethod
    def _needs_look(choice: PictureChoice) -> bool:
        return choice.proposed.is_photo and not choice.is_left_out and (bool(choice.doubt) or choice.target is None)

    def _tell_count(self) -> None:
        chosen = [one.chosen for one in self.choices if one.chosen]
        doubtful = sum(self._needs_look(one) for one in self.choices)
        refused = sum(bool(one.proposed.picture.refusal) for one in self.choices)
        cards = sum(bool(one.proposed.picture.card) for one in self.choices)
        households = len(Counter(one.target.household_id for one in chosen))
        told = [f"共 {len(self.choices)} 张", f"可收 {len(chosen)} 张、{households} 户", f"有疑问 {doubtful} 张"]
        told += [f"二维码卡 {cards} 张"] if cards else []
        told += [f"不能用 {refused} 张"] if refused else []
        self.count.setText("　".join(told) if self.choices else "")

    def _ask_to_take_in(self) -> None:
        chosen = [one.chosen for one in self.choices if one.chosen]
        if not chosen:
            self.context.status_bar.info("没有可收的照片。先按 Ctrl+I 选文件夹，再给照片选户。")
            return
        doubtful = sum(bool(one.doubt) for one in self.choices if one.chosen)
        left = sum(one.proposed.is_photo and one.chosen is None for one in self.choices)
        told = ((doubtful, "还有疑问，按现在选的收"), (left, "没有选户或不收"))
        details = "".join(f"{number} 张{what}。" for number, what in told if number)
        message = f"把 {len(chosen)} 张照片收进工作簿吗？"
        ask(self, "ask_take_in", "收照片", message, details, choices=(("收进工作簿", partial(self._take_in, chosen)),))

    def _take_in(self, chosen: list[ChosenPhoto]) -> None:
        task = take_in(self.context.workbook, chosen)
        taken = {one.path for one in chosen}
        self.context.tasks.start(task, partial(self._show_taken_in, taken), title="收照片")

    def _show_taken_in(self, taken: set[Path], result: IntakeResult) -> None:
        """Photographs that nobody has decided about yet stay in the list."""
        already = f"，{result.already} 张本来就有" if result.already else ""
        self.context.status_bar.saved(f"已收进 {result.added} 张照片{already}")
        if result.refusals:
            more = f"\n等 {len(result.refusals)} 张" if len(result.refusals) > _REFUSALS_SHOWN else ""
            told = "\n".join(result.refusals[:_REFUSALS_SHOWN]) + more
            tell(self, "refused_photos", "收照片", "这些照片没有收：", told)
        left = [one for one in self.choices if one.proposed.picture.path not in taken]
        self._show_choices(left if any(self._needs_look(one) for one in left) else [])
        self._beside.focus()

    def _print_cards(self) -> None:
        self.context.open("printing", paper="photo_cards")
