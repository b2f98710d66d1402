"""Names of printed files, safe on Windows, and never with an ID number in them."""

import re

from sqlalchemy.orm import Session

from app.reports.household_context import load_context
from app.reports.household_selection import village_terms
from app.reports.parameters import ReportParameters
from app.reports.village import Report

_FORBIDDEN_CHARACTERS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED_NAMES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_ID_NUMBER = re.compile(r"\d{15,}[\dXx]*")
_MAX_LENGTH = 60


def archive_file_stem(session: Session, household_id: str) -> str:
    """户编号_户主, the name of a household's archive without its ending."""
    context = load_context(session, household_id)
    return safe_file_name(f"{context.number or '无编号'}_{context.head_name.strip('（）')}")


def report_file_stem(session: Session, report: Report, parameters: ReportParameters) -> str:
    """The name of a report without its ending: its title, after household and head where it is about one household."""
    title = report.called(village_terms(session, parameters.day))
    if report.subject != "household":
        return safe_file_name(parameters.title or title)
    return f"{archive_file_stem(session, parameters.households[0])}_{title}"


def safe_file_name(text: str) -> str:
    """A file name that Windows accepts, without forbidden characters, reserved words and ID numbers.

    Before the first "_" stands the number of the household, which is as long as an ID number and stays.
    """
    stem, _, rest = text.partition("_")
    name = f"{stem}_{_ID_NUMBER.sub('', rest)}" if rest else stem
    name = _FORBIDDEN_CHARACTERS.sub("", name)[:_MAX_LENGTH].strip(" ._")
    return f"_{name}" if not name or _RESERVED_NAMES.fullmatch(name) else name
