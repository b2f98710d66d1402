"""What every dialog has in common: it fits on the screen, and Esc does not throw away what was typed."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget

_FRAME_HEIGHT, _MARGIN = 36, 8  # pixels: the title that a desktop draws above a window, and what stays free around it
_NEARLY_ALL = 0.9  # of the screen's height


class Fillable(QWidget):
    """What is filled in as a whole, a form."""

    @property
    def is_edited(self) -> bool:
        """Whether something else stands there than was shown at first."""
        raise NotImplementedError


class Dialog(QDialog):
    """The base of all dialogs. Its buttons stand in a ButtonRow: what goes on, then 取消.

    Esc and the cross of the window ask first where something was filled in; the button 取消 does not, it says so.
    """

    def is_filled(self) -> bool:
        """Whether something was typed here that leaving would lose. A box with a cross to clear it is a search."""
        lines = [line for line in self.findChildren(QLineEdit) if line.isModified() and line.text()]
        boxes = [box for box in self.findChildren(QPlainTextEdit) if box.document().isModified() and box.toPlainText()]
        return (
            any(form.is_edited for form in self.findChildren(Fillable))
            or any(not line.isClearButtonEnabled() for line in lines)
            or bool(boxes)
        )

    def setVisible(self, visible: bool) -> None:
        if visible and not self.isVisible():
            if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
                self.resize(self._whole_size())
            fit_on_screen(self)
        super().setVisible(visible)

    def _whole_size(self) -> QSize:
        """What its contents need by now. Qt's `adjustSize` stops at two thirds of the screen and lets them roll."""
        self.adjustSize()  # styles and lays out what is in it
        size, layout = self.sizeHint().expandedTo(self.minimumSize()), self.layout()
        if layout is not None and layout.hasHeightForWidth():  # of sentences: lower where the dialog is wider
            size.setHeight(layout.totalHeightForWidth(size.width()))
        return size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Cancel) and self.is_filled():
            self._ask_to_leave()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible() and self.is_filled():
            event.ignore()
            self._ask_to_leave()
        else:
            super().closeEvent(event)

    def _ask_to_leave(self) -> None:
        from ui.widgets.question import ask  # a question is a dialog itself

        title, message = self.windowTitle(), "填写的内容尚未保存，确定放弃吗？"
        ask(self, "ask_leave", title, message, choices=(("放弃", self.reject),), cancel="继续填写")


def title_about(title: str, households: Mapping[str, str]) -> str:
    """The title of a dialog that is about these: id → what a household is called, e.g. 陈卫国户."""
    if not households:
        return title
    more = f"等 {len(households)} 户" if len(households) > 1 else ""
    return f"{title}（{next(iter(households.values()))}{more}）"


def show_on_screen(window: QWidget) -> None:
    """Show a window; one that needs nearly all the height there is (large letters) takes the whole screen, because
    wherever else the desktop puts it, its foot may lie below."""
    room = (window.screen() or QApplication.primaryScreen()).availableGeometry()
    if window.height() + _FRAME_HEIGHT > room.height() * _NEARLY_ALL:
        window.showMaximized()
    else:
        window.show()


def fit_on_screen(window: QWidget) -> None:
    """Make a window no larger than its screen, and move it whole onto one: the desk may have had a larger one."""
    screen = window.screen() or QApplication.primaryScreen()
    room = screen.availableGeometry().adjusted(_MARGIN, _MARGIN + _FRAME_HEIGHT, -_MARGIN, -_MARGIN)
    if (size := window.size().boundedTo(room.size())) != window.size():
        window.resize(size)
    if not window.isWindow() or window.pos().isNull():
        return  # the desktop, or the parent, decides where it comes up
    at = window.pos()
    window.move(
        max(room.left(), min(at.x(), room.right() + 1 - window.width())),
        max(room.top(), min(at.y(), room.bottom() + 1 - window.height())),
    )
