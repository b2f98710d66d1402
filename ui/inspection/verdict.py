"""Beside the score sheet: what the home comes to so far, what it came to last time, what others wrote, the keys."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.checklists.inspections import Sheet
from app.checklists.results import Look, RoundResult
from app.checklists.scoring import Score
from app.checklists.template import Checklist
from ui.inspection.score_sheet import choices

_LOOK = """
QFrame#verdict { background: white; border: 1px solid #DDE3E0; border-radius: 6px; }
QFrame#verdict QLabel { background: transparent; border: none; }
QLabel#total { font-size: 34px; font-weight: bold; color: #1E2A25; }
QLabel#grade { font-size: 15px; font-weight: bold; color: #1F6F50; }
QLabel#grade[bad="true"] { color: #B3261E; }
QLabel#hard_fails { color: #B3261E; }
QLabel#before, QLabel#others, QLabel#keys, QLabel#state { color: #4A5650; }
"""


class Verdict(QFrame):
    """The panel at the right of the sheet, 236 px wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setFixedWidth(236)
        self.setStyleSheet(_LOOK)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(14, 8, 14, 8)
        lines.setSpacing(6)
        self.total, self.grade, self.state, self.hard_fails, self.before, self.others, self.keys = (
            self._label(name) for name in ("total", "grade", "state", "hard_fails", "before", "others", "keys")
        )
        for label in (self.total, self.grade, self.state, self.hard_fails, self.before, self.others):
            lines.addWidget(label)
        lines.addStretch(1)
        # on a small screen the keys give way first: F1 tells them too
        self.keys.setWordWrap(False)
        self.keys.setMinimumHeight(1)
        self.keys.setAlignment(Qt.AlignmentFlag.AlignTop)
        lines.addWidget(self.keys)

    def show_sheet(self, sheet: Sheet) -> None:
        """What does not change while the home is scored."""
        self.before.setText(before_text(sheet.before))
        self.others.setText(others_text(sheet.others))
        self.others.setVisible(bool(sheet.others))
        self.keys.setText(keys_text(sheet.checklist))

    def show_score(self, score: Score) -> None:
        """What it comes to so far; hard fails in words."""
        self.total.setText("—" if score.points is None else str(score.points))
        settled = not score.open
        grade = score.grade or "未评"
        if settled:
            self.grade.setText(f"{grade}　{'达标' if score.passed else '未达标'}")
        else:
            self.grade.setText(f"暂为“{grade}”，还有 {len(score.open)} 项未评" if score.grade else "还没有评分")
        self.grade.setProperty("bad", settled and not score.passed)
        self.grade.style().unpolish(self.grade)
        self.grade.style().polish(self.grade)
        sentences = [score.checklist.check(code).hard_fail for code in score.hard_fails]
        items = "、".join(item.label for item in score.items if item.failing)
        if items and settled:
            sentences.insert(0, f"待整改：{items}")
        self.hard_fails.setText("\n".join(f"● {sentence}" for sentence in sentences))
        self.hard_fails.setVisible(bool(sentences))

    def show_state(self, text: str) -> None:
        """Whether what was entered is in the workbook."""
        self.state.setText(text)

    def _label(self, name: str) -> QLabel:
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
    if result.failing:
        lines.append(f"当时待整改：{'、'.join(result.failing)}")
    return "\n".join(lines)


def others_text(others: Iterable[Look]) -> str:
    """What other inspectors wrote down of the home in this round."""
    lines = []
    for look in others:
        came_to = "没有评完" if look.score.open or look.score.points is None else f"{look.score.points} 分"
        lines.append(f"{look.inspector}　{look.seen_on or ''}　{came_to}")
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
