"""The pictures of a folder, small, each with what is proposed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView

from app.photo_intake.sorting import SortedPicture, Target
from app.photo_intake.taking_in import ChosenPhoto
from resources.option_roles import value_of
from ui.shell.theme import tokens
from ui.widgets.picture_panes import ThumbnailList


@dataclass(slots=True)
class PictureChoice:
    """One line: the proposal, and what the officer made of it."""

    proposed: SortedPicture
    target: Target | None
    kind: str
    doubt: str
    is_left_out: bool = False

    @property
    def day(self) -> date | None:
        """The day on which it was taken."""
        taken_at = self.proposed.picture.taken_at
        return taken_at.date() if taken_at else None

    def take(self, target: Target) -> None:
        """An officer has decided where it goes: there is no doubt any more."""
        self.target, self.doubt, self.is_left_out = target, "", False
        if target.visit_id and not self.kind:
            self.kind = value_of("photo_kind", "visit")

    @property
    def chosen(self) -> ChosenPhoto | None:
        """What would be taken in, None where it is left out or nobody knows whose it is."""
        if not self.proposed.is_photo or self.is_left_out or self.target is None:
            return None
        return ChosenPhoto(self.proposed.picture.path, self.target, self.kind)

    @property
    def state(self) -> str:
        """Where it goes, in words."""
        picture = self.proposed.picture
        if picture.refusal:
            return "不能用，不收"
        if picture.card:
            return f"二维码卡：{self.target.label if self.target else '不认识'}（卡片不收）"
        if self.is_left_out:
            return "不收"
        return f"{self.target.label}{f'　{self.kind}' if self.kind else ''}" if self.target else "还没有选户"


class PictureList(ThumbnailList):
    """Arrows move; several lines may be selected at once.

    Signals:
        current_changed: number of the current line, -1 for none
    """

    current_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__("pictures", "照片", QAbstractItemView.SelectionMode.ExtendedSelection)
        self.currentRowChanged.connect(self.current_changed)

    def show_choices(self, choices: Sequence[PictureChoice]) -> None:
        """Another folder."""
        thumbnails = [choice.proposed.picture.thumbnail for choice in choices]
        self.show_pictures(thumbnails, lambda n: self.update_line(n, choices[n]))

    def update_line(self, n: int, choice: PictureChoice) -> None:
        """Say anew where one goes."""
        picture, colors = choice.proposed.picture, tokens()
        when = f"{picture.taken_at:%Y-%m-%d %H:%M}" if picture.taken_at else "没有拍摄时间"
        lines = (f"{picture.path.name}　{when}", choice.state, choice.doubt)
        color = colors.bad if picture.refusal else colors.warn if choice.doubt else colors.ink
        is_quiet = choice.is_left_out or picture.card
        self.tell_line(n, lines, colors.quiet if is_quiet else color)

    def selected_rows(self) -> list[int]:
        """The selected lines, the current one where none is."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return rows or ([self.currentRow()] if self.currentRow() >= 0 else [])
