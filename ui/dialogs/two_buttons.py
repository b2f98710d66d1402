"""The two buttons at the foot of a dialog: go on with what is chosen (回车), or leave."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton


def two_buttons(dialog: QDialog, go: tuple[str, str], leave: tuple[str, str], *, usable: bool = True) -> QHBoxLayout:
    """The line of both.

    Args:
        go, leave: what the button says, and its objectName
        usable: whether there is anything to go on with
    """
    line = QHBoxLayout()
    line.addStretch()
    for (text, name), pressed in ((leave, dialog.reject), (go, dialog.accept)):
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(pressed)
        button.setDefault(name == go[1])
        button.setAutoDefault(name == go[1])
        line.addWidget(button)
        button.setEnabled(usable or name != go[1])
    return line
