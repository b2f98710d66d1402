"""The officers' manual says what is there: keys, words on the screen, sentences of refusal, pictures, links."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.builders import household, workbook
from tests.ui.conftest import isolated_settings, wait_until_idle
from ui.shell.main_window import MainWindow
from ui.shell.shortcut_text import display_text

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "docs" / "manual"
CHAPTERS = sorted(MANUAL.glob("*.md"))
PICTURES = ROOT / "docs" / "pictures"
KEYS, SENTENCES = MANUAL / "09-快捷键.md", MANUAL / "10-常见提示与办法.md"
ANYWHERE, START, SHEET, REGISTERS = "任何时候", "第一个窗口", "评分表上", "台账页"
Keys = set[tuple[str, str]]
assert isolated_settings  # the fixture keeps this test's settings to itself


def tables(chapter: Path) -> dict[str, list[list[str]]]:
    """Heading → the rows below it, without the line of column names."""
    rows_by_heading: dict[str, list[list[str]]] = {}
    heading = ""
    for line in chapter.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|") and not line.startswith("|---"):
            rows_by_heading.setdefault(heading, []).append(
                [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            )
    return {heading: rows[1:] for heading, rows in rows_by_heading.items()}


def keys_in_table() -> dict[str, Keys]:
    return {heading: {(key.strip("` "), what) for key, what in rows} for heading, rows in tables(KEYS).items()}


def keys_of(widgets: list[QAction | QAbstractButton]) -> Keys:
    """Key and name of whatever has both."""
    keys = set()
    for one in widgets:
        name = re.sub(r"（[A-Za-z回车+]+）$", "", one.text()).removesuffix("…")
        if name and not one.shortcut().isEmpty():
            keys.add((display_text(one.shortcut()), name))
    return keys


def keys_within(nested: QWidget) -> Keys:
    return keys_of([*nested.findChildren(QAction), *nested.findChildren(QAbstractButton)])


@pytest.fixture
def window(qtbot, tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    window = MainWindow(book)
    qtbot.addWidget(window, before_close_func=lambda _: wait_until_idle(qtbot, window))
    window.show()
    return window


def test_the_keys_of_the_score_sheet_do_something(qtbot, window):
    window.open("rounds")
    wait_until_idle(qtbot, window)
    page = window.page("rounds")
    next(action for action in page.actions() if action.objectName() == "new_round").trigger()
    wait_until_idle(qtbot, window)
    page.dialog.accept_button.click()
    wait_until_idle(qtbot, window)
    window.open("scoring", round=page.round_table.current_id())
    wait_until_idle(qtbot, window)
    sheet = window.page("scoring").score_sheet
    keys = {"↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "回车": "Return"}
    idle = []
    for key, _ in keys_in_table()[SHEET]:
        pressed = QKeySequence(keys.get(key, key))[0].key()
        if not sheet.handle_key(pressed):
            idle.append(key)
    assert idle == []


@cache
def words() -> frozenset[str]:
    """Every text of the program: constants of its modules, names of columns, options and checklists."""
    visible_words: set[str] = set()
    for package in ("ui", "app", "db/schema"):
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            visible_words |= {
                n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
            }
    for path in (ROOT / "resources").rglob("*.toml"):
        visible_words |= _texts(tomllib.loads(path.read_text(encoding="utf-8")))
    return frozenset(visible_words)


def _texts(raw: object) -> set[str]:
    if isinstance(raw, str):
        return {raw}
    inside = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return {text for one in inside for text in _texts(one)}


def _bare(text: str) -> str:
    """Without the dots of a dialog to come, the letter of a key, and what tells of it."""
    return re.sub(r"\(&\w\)|（[A-Za-z回车+]+）$|…$", "", text)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_what_is_printed_bold_stands_on_the_screen(chapter):
    known = {_bare(text) for text in words()}
    bold = re.findall(r"\*\*(.+?)\*\*", chapter.read_text(encoding="utf-8"))
    assert [text for text in bold if _bare(text) not in known and text != "黑体字"] == []


def test_the_sentences_that_are_explained_are_those_the_program_says():
    spoken = "\n".join(words())
    sentences = [row[0] for rows in tables(SENTENCES).values() for row in rows]
    parts = {part for sentence in sentences for part in sentence.split("……") if part.strip()}
    assert len(sentences) > 40
    assert sorted(part for part in parts if part not in spoken) == []


def test_every_link_and_picture_of_the_manual_is_there():
    lost = []
    for chapter in (*CHAPTERS, ROOT / "README.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", chapter.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            found = chapter.parent / path if path else chapter
            headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
            missing = anchor and anchor not in {re.sub(r"[^\w-]", "", heading) for heading in headings}
            if not target.startswith("https://") and (not found.exists() or missing):
                lost.append(f"{chapter.name}: {target}")
    assert lost == []


def test_every_chapter_is_in_the_contents_and_every_picture_is_used():
    contents = (MANUAL / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in CHAPTERS if path.name != "README.md" and f"]({path.name})" not in contents] == []
    documented = "".join(path.read_text(encoding="utf-8") for path in (*CHAPTERS, ROOT / "README.md"))
    pictures = list(PICTURES.glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if f"pictures/{path.name}" not in documented] == []
    assert [path.name for path in pictures if path.stat().st_size > 200_000] == []
