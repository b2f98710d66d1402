"""Beside the score sheet: the household's points so far, those of last time, what others wrote, the keys."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.checklists.inspections import InspectionSheet
from app.checklists.results import InspectorResult, RoundResult
from app.checklists.scoring import Score
from app.checklists.template import Checklist
from ui.scoring.score_sheet import choices


class ScoreSummary(QFrame):
    """The panel at the right of the sheet, 236 px wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setFixedWidth(236)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(14, 8, 14, 8)
        lines.setSpacing(6)
        (
            self.total_label,
            self.grade_label,
            self.state_label,
            self.hard_fails_label,
            self.before_label,
            self.others_label,
            self.keys_label,
        ) = (self._make_label(name) for name in ("total", "grade", "state", "hard_fails", "before", "others", "keys"))
        for label in (
            self.total_label,
            self.grade_label,
            self.state_label,
            self.hard_fails_label,
            self.before_label,
            self.others_label,
        ):
            lines.addWidget(label)
        lines.addStretch(1)
        # on a small screen the keys give way first: F1 tells them too
        self.keys_label.setWordWrap(False)
        self.keys_label.setMinimumHeight(1)
        self.keys_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        lines.addWidget(self.keys_label)

    def show_sheet(self, sheet: InspectionSheet) -> None:
        """What does not change while the household is scored."""
        self.before_label.setText(before_text(sheet.previous_result))
        self.others_label.setText(others_text(sheet.other_results))
        self.others_label.setVisible(bool(sheet.other_results))
        self.keys_label.setText(keys_text(sheet.checklist))

    def show_score(self, score: Score) -> None:
        """What it comes to so far; hard fails in words."""
        self.total_label.setText("—" if score.points is None else str(score.points))
        is_complete = not score.open
        grade = score.grade or "未评"
        if is_complete:
            self.grade_label.setText(f"{grade}　{'达标' if score.passed else '未达标'}")
        else:
            self.grade_label.setText(f"暂为“{grade}”，还有 {len(score.open)} 项未评" if score.grade else "还没有评分")
        self.grade_label.setProperty("bad", is_complete and not score.passed)
        self.grade_label.style().unpolish(self.grade_label)
        self.grade_label.style().polish(self.grade_label)
        messages = [score.checklist.check(code).hard_fail for code in score.hard_fails]
        items = "、".join(item.label for item in score.items if item.failed)
        if items and is_complete:
            messages.insert(0, f"待整改：{items}")
        self.hard_fails_label.setText("\n".join(f"● {message}" for message in messages))
        self.hard_fails_label.setVisible(bool(messages))

    def show_state(self, text: str) -> None:
        """Whether what was entered is in the workbook."""
        self.state_label.setText(text)

    def _make_label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label


def before_text(before: RoundResult | None) -> str:
    """The last round's result in a few lines."""
    if before is None:
        return "上轮：没有检查过"
    result = before.result
    lines = [f"上轮（{before.round_title}）", f"{result.points} 分　{result.grade}"]
    if result.items_to_rectify:
        lines.append(f"当时待整改：{'、'.join(result.items_to_rectify)}")
    return "\n".join(lines)


def others_text(others: Iterable[InspectorResult]) -> str:
    """What other inspectors wrote down of the household in this round."""
    lines = []
    for inspector_result in others:
        result_text = (
            "没有评完"
            if inspector_result.score.open or inspector_result.score.points is None
            else f"{inspector_result.score.points} 分"
        )
        lines.append(f"{inspector_result.inspector}　{inspector_result.seen_on or ''}　{result_text}")
    return "\n".join(("本轮另有检查", *lines))


def keys_text(checklist: Checklist) -> str:
    """The keys of the sheet, as they are for this checklist."""
    digits = [f"{choice.digit} {choice.value}" for choice in choices(checklist)]
    return "\n".join(
        (
            "　".join(digits[:2]),
            "　".join(digits[2:]),
            "A 本项未评的都达标",
            "W 全户未评的都达标",
            "↑ ↓ 换要点　← → 换项目",
            "N 要点说明　M 全户说明",
            "P 添照片　Ctrl+V 贴照片",
            "Ctrl+回车 保存，下一未评户",
            "Ctrl+↑ ↓ 上一户、下一户",
        )
    )
