"""What a certificate says, column by column: the cut-out of the picture, what is stored, and what would be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from app.certificate_intake.kind import Place
from app.certificate_intake.proposals import ColumnProposal
from app.errors import ValidationError
from app.records.field import Value
from ui.widgets.field_controls import FieldControl, make_control
from ui.widgets.form_group import RemarkLabel

_CUT_OUT = QSize(300, 44)  # pixels
_MARGIN = 6  # pixels of the picture around what was read


@dataclass(slots=True)
class _ColumnRow:
    proposal: ColumnProposal
    tick: QCheckBox
    control: FieldControl
    remark: RemarkLabel

    @property
    def name(self) -> str:
        return self.proposal.place.field.label


class ColumnRows(QWidget):
    """Ticked is what will be written. Tab goes from tick to value to the next tick; typing into a value ticks it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(3, 1)
        self._rows: list[_ColumnRow] = []

    def show_proposals(self, proposals: Sequence[ColumnProposal], picture: QPixmap) -> None:
        """Those of another certificate, with their cut-outs of the picture."""
        self.clear()
        for proposal in proposals:
            self._add(proposal, picture)
        for n in range(self._grid.rowCount()):  # those of a longer certificate before are still there, empty
            self._grid.setRowStretch(n, 0)
        self._grid.setRowStretch(2 * len(proposals), 1)

    def clear(self) -> None:
        """No certificate."""
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._rows = []

    def load(self, values: Mapping[Place, Value]) -> None:
        """Show what an officer confirmed before, ticked as it was."""
        for row in self._rows:
            is_ticked = row.proposal.place in values
            row.tick.setChecked(is_ticked)
            if is_ticked:
                row.control.set_value(values[row.proposal.place])

    def ticked(self) -> dict[Place, Value] | None:
        """The values that are ticked; None where one is refused, which has the sentence below it and the cursor."""
        values: dict[Place, Value] = {}
        first: _ColumnRow | None = None
        for row in self._rows:
            if not row.tick.isChecked():
                continue
            try:
                values[row.proposal.place] = row.proposal.place.field.parse_and_validate(row.control.raw_value())
            except ValidationError as error:
                row.remark.setProperty("remark", "fault")
                row.remark.style().polish(row.remark)
                row.remark.say(str(error))
                first = first or row
        if first is not None:
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return None if first else values

    def shown(self) -> dict[Place, Value]:
        """What is stored, as the rows show it."""
        return {row.proposal.place: row.proposal.now for row in self._rows}

    def focus(self) -> None:
        """To the first value that may be written."""
        row = next((row for row in self._rows if not row.proposal.is_same), None)
        if row is not None:
            row.tick.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, proposal: ColumnProposal, picture: QPixmap) -> None:
        field, at = proposal.place.field, 2 * len(self._rows)
        tick = QCheckBox(field.label)
        tick.setObjectName(f"{field.name}_tick")
        tick.setAccessibleName(f"写入{field.label}")
        tick.setChecked(proposal.is_ticked)
        now = QLabel(f"{field.text(proposal.now, hide=True)} →" if proposal.now is not None else "")
        now.setObjectName(f"{field.name}_now")
        now.setAccessibleName(f"{field.label}：已登记的")
        now.setWordWrap(True)
        control = make_control(field)
        control.set_value(proposal.read.value if proposal.read else None)
        control.edited.connect(lambda: tick.setChecked(True))
        remark = RemarkLabel(field.name, self)
        told, style = _remark(proposal)
        remark.setProperty("remark", style)
        remark.say(told)
        self._grid.addWidget(tick, at, 0)
        self._grid.addWidget(_cut_out(proposal, picture), at, 1)
        self._grid.addWidget(now, at, 2)
        self._grid.addWidget(control, at, 3)
        self._grid.addWidget(remark, at + 1, 1, 1, 3)
        self._rows.append(_ColumnRow(proposal, tick, control, remark))


def _remark(proposal: ColumnProposal) -> tuple[str, str]:
    """What an officer should know of a value, and how it looks."""
    if proposal.read is None:
        return "没有读出，可以自己填", "quiet"
    if proposal.read.doubt:
        return f"不确定：{proposal.read.doubt}", "warning"
    if proposal.is_same:
        return "与已登记的相同", "good"
    return ("与已登记的不同，要改就打勾", "warning") if proposal.now is not None else ("", "quiet")


def _cut_out(proposal: ColumnProposal, picture: QPixmap) -> QLabel:
    """What was read, as the picture has it."""
    label = QLabel()
    label.setObjectName(f"{proposal.place.column}_picture")
    label.setAccessibleName(f"{proposal.place.field.label}：照片上的")
    label.setMinimumWidth(_CUT_OUT.width())
    if proposal.read is not None and not picture.isNull():
        left, top, right, bottom = proposal.read.box
        box = QRect(left, top, right - left, bottom - top).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        cut = picture.copy(box.intersected(picture.rect()))
        if not cut.isNull():
            mode = Qt.TransformationMode.SmoothTransformation
            label.setPixmap(cut.scaled(_CUT_OUT, Qt.AspectRatioMode.KeepAspectRatio, mode))
    return label
