"""In which order Tab goes through what is made at different times: Qt puts what is made last last."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(parent: QWidget) -> list[QWidget]:
    """What Tab comes to in it, now or when it is folded, in the order in which it was made; the lists of boxes are
    windows of their own."""
    return [
        one
        for one in (parent, *parent.findChildren(QWidget))
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.focusProxy() is None and one.window() is parent.window()
    ]


def put_behind(place: QWidget, stops: Iterable[QWidget]) -> None:
    """Let Tab come to these one after another where it would come to `place`, which it passes over."""
    before = place
    place.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt puts nothing behind what Tab passes over
    for stop in stops:
        QWidget.setTabOrder(before, stop)
        before = stop
    place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
