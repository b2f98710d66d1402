"""Where one text differs from another, as rich text."""

from difflib import SequenceMatcher
from html import escape

from ui.shell.theme import tokens

_MAX_LENGTH = 2000  # letters compared; longer texts are shown plain


def highlight_additions(text: str, other: str) -> str:
    """`text` with the parts in bold that `other` has not."""
    if not other or max(len(text), len(other)) > _MAX_LENGTH:
        return _as_html(text)
    fragments, ground = [], tokens().warn_soft
    for operation, start, end, _, _ in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        html = _as_html(text[start:end])
        fragments.append(html if operation == "equal" or not html else f'<b style="background:{ground}">{html}</b>')
    return "".join(fragments)


def _as_html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
