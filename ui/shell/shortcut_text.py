"""How a key is written for an officer."""

from PySide6.QtGui import QKeySequence

_KEY_NAMES = {"Return": "回车", "Enter": "回车", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Del": "Delete"}


def display_text(shortcut: QKeySequence) -> str:
    """Ctrl+Return → "Ctrl+回车"; "" for none."""
    parts = shortcut.toString(QKeySequence.SequenceFormat.PortableText).split("+")
    return "+".join([*parts[:-1], _KEY_NAMES.get(parts[-1], parts[-1])])
