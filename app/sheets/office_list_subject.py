"""Which kind of list a file of another office is, and of what day."""

import re
from collections.abc import Sequence
from datetime import date

from app.comparison.subject import Subject, all_subjects
from app.sheets.office_list_heading import find_list_heading, guess_heading
from app.sheets.roster_aliases import normalize_header
from app.sheets.sheet import Sheet

_TITLE_WEIGHT = 3  # a word of a title against a heading
_DAY = re.compile(r"(?<!\d)(20\d\d)(?:年|[-./]|)([01]?\d)(?:月|[-./]|)(?:([0-3]?\d)日?)?(?!\d)")


def recognize_subject(file: str, sheets: Sequence[Sheet]) -> Subject | None:
    """The kind of list that most words of titles and headings speak for, None where none does."""
    scores = [(_score(one, file, sheets), one) for one in all_subjects()]
    best = max(scores, key=lambda scored: scored[0], default=None)
    return best[1] if best is not None and best[0] else None


def _score(subject: Subject, file: str, sheets: Sequence[Sheet]) -> int:
    known = {normalize_header(one) for one in subject.headers}
    titles, headings = [file], 0
    for sheet in sheets:
        heading = find_list_heading(sheet, subject) or guess_heading(sheet, subject)
        titles += [sheet.name, *(heading.row.titles if heading is not None else ())]
        if heading is not None:
            headings += sum(normalize_header(one) in known for one in heading.row.headers)
    text = " ".join(titles)
    longest = max((len(word) for word in (*subject.titles, *subject.absent.titles) if word in text), default=0)
    return headings + _TITLE_WEIGHT * bool(longest) + longest


def find_list_date(file: str, titles: str) -> date | None:
    """The day or month (its first day) that a title or the file's name gives, None where none does."""
    for match in (*_DAY.finditer(titles), *_DAY.finditer(file)):
        try:
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
        except ValueError:
            continue
    return None
