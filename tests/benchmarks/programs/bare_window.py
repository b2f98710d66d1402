"""A bare Qt window: the floor of the first window."""

from PySide6.QtWidgets import QApplication, QLabel, QWidget

app = QApplication([])
window = QWidget()
window.resize(760, 460)
QLabel("驻村户档", window)
window.show()
app.processEvents()
window.grab()
