"""The two buttons at the foot of a dialog: go on with what is chosen (回车), or leave."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton


def button_row(
    dialog: QDialog, accept: tuple[str, str], cancel: tuple[str, str], *, enabled: bool = True
) -> QHBoxLayout:
    """The line of both.

    Args:
        go, leave: what the button says, and its objectName
        usable: whether there is anything to go on with
    """
    row = QHBoxLayout()
    row.addStretch()
    for (text, name), slot in ((cancel, dialog.reject), (accept, dialog.accept)):
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(slot)
        button.setDefault(name == accept[1])
        button.setAutoDefault(name == accept[1])
        row.addWidget(button)
        button.setEnabled(enabled or name != accept[1])
    return row
