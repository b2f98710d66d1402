"""The officers' manual as the program reads it: chapters, what they link to, and a search over their sections."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import resources
from app.errors import UserError

MANUAL_DIR = resources.ROOT.parent / "docs" / "manual"
CONTENTS = "README"
KEYS_CHAPTER = "09-快捷键"
_EXCERPT = 60  # characters around what was found
_MOST_HITS = 60


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a chapter and the text below it, up to the next heading."""

    chapter: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ManualHit:
    """A section that has all words, with the place where it has the first."""

    chapter: str
    heading: str
    excerpt: str


def chapter_names() -> list[str]:
    """Names of the chapters in their order, the contents first."""
    names = sorted(path.stem for path in MANUAL_DIR.glob("*.md"))
    return [CONTENTS, *(name for name in names if name != CONTENTS)]


@cache
def chapter_text(name: str) -> str:
    """A chapter's text as it is stored (Markdown).

    Raises:
        UserError: the program was copied without its manual
    """
    try:
        return (MANUAL_DIR / f"{name}.md").read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"没有找到使用手册的“{name}”。软件可能没有拷全，请重新拷贝整个文件夹。") from error


def chapter_title(name: str) -> str:
    """What a chapter calls itself."""
    return next((line.lstrip("# ") for line in chapter_text(name).splitlines() if line.startswith("# ")), name)


def anchor_of(heading: str) -> str:
    """How a link names a heading."""
    return re.sub(r"[^\w-]", "", heading)


def sections(name: str) -> Iterator[Section]:
    """The sections of a chapter; the first one is headed by its title."""
    heading, lines = "", list[str]()
    for line in chapter_text(name).splitlines():
        if line.startswith("#"):
            if heading:
                yield Section(name, heading, "\n".join(lines))
            heading, lines = line.lstrip("# "), []
        else:
            lines.append(line)
    if heading:
        yield Section(name, heading, "\n".join(lines))


def search_manual(typed: str) -> list[ManualHit]:
    """Sections in which every word occurs; those whose heading has one come first."""
    words = typed.casefold().split()
    if not words:
        return []
    ranked: list[tuple[bool, ManualHit]] = []
    for name in chapter_names():
        for section in sections(name):
            plain = plain_text(section.text)
            whole = f"{section.heading}\n{plain}".casefold()
            if all(word in whole for word in words):
                in_heading = any(word in section.heading.casefold() for word in words)
                ranked.append((not in_heading, ManualHit(name, section.heading, _excerpt(plain, words))))
    ranked.sort(key=lambda pair: pair[0])
    return [hit for _, hit in ranked[:_MOST_HITS]]


def plain_text(markdown: str) -> str:
    """Without the marks of bold, links, pictures and tables."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\|[-| :]+\|$", "", text, flags=re.MULTILINE)
    return re.sub(r"\s+", " ", text.replace("**", "").replace("`", "").replace("|", " ")).strip()


def _excerpt(plain: str, words: Sequence[str]) -> str:
    place = next((at for word in words if (at := plain.casefold().find(word)) >= 0), 0)
    start = max(place - _EXCERPT // 2, 0)
    return ("…" if start else "") + plain[start : start + _EXCERPT] + ("…" if start + _EXCERPT < len(plain) else "")


def key_tables() -> dict[str, list[tuple[str, str]]]:
    """Heading → key and what it does, as the chapter of keys lists them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for section in sections(KEYS_CHAPTER):
        rows = [
            (cells[0].strip("` "), cells[1])
            for line in section.text.splitlines()
            if line.startswith("|") and not line.startswith("|---")
            if len(cells := [cell.strip() for cell in line.strip().strip("|").split(" | ")]) == 2
        ]
        if len(rows) > 1:
            found[section.heading] = rows[1:]
    return found


def picture_path(target: str) -> Path:
    """The file of a picture that a chapter shows."""
    return (MANUAL_DIR / target).resolve()
