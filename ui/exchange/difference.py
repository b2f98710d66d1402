"""Where one text differs from another, as rich text."""

from difflib import SequenceMatcher
from html import escape

_MOST = 2000  # letters compared; longer texts are shown plain


def marked(text: str, other: str) -> str:
    """`text` with the parts in bold that `other` has not."""
    if not other or max(len(text), len(other)) > _MOST:
        return _shown(text)
    found = []
    for kind, start, end, _, _ in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        part = _shown(text[start:end])
        found.append(part if kind == "equal" or not part else f'<b style="background:#FFF1C9">{part}</b>')
    return "".join(found)


def _shown(text: str) -> str:
    return escape(text).replace("\n", "<br>")
