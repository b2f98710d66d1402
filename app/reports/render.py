"""Draws one household's archive: its parts laid out with table of contents, page numbers, header and footer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.consistency.facts import printed_values
from app.consistency.observed_values import Held
from app.errors import UserError
from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.flowables import Flowable, KeepTogether, Paragraph, Title
from app.pdf.page_frame import PageFrame, draw_frame
from app.pdf.page_style import CAPTION, a4_page
from app.pdf.pagination import PageLayout, draw_fragments, layout_pages
from app.records.masked_reading import reading_for_paper
from app.reports import formatting
from app.reports.attachment_pages import AttachedPage, attached_parts
from app.reports.catalogue import Part, empty_page, select_parts
from app.reports.content_hash import ContentHash, hash_content
from app.reports.deferred import ContentsEntry, Deferred, VolumeSummary
from app.reports.draft_check import WATERMARK
from app.reports.era_labels import relabel
from app.reports.household_context import HouseholdContext, context_on, load_context
from app.reports.unprintable import Unprintable, collect_missing, note_unprintable, take_notes
from app.reports.verification_code import VerificationCode
from app.workbook import preferences
from app.workbook.workbook import Workbook

_MAX_REASON = 40  # characters at the foot of each page; the record has the whole text


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """What all archives of one run share. `sections`: names of parts, all if None; `reason`: why none is a draft."""

    sections: tuple[str, ...] | None
    duplex: bool
    footer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RenderedVolume:
    """One household's archive as it was drawn.

    Attributes:
        read_at: when its records were read, local time
        number: 户编号, "" where it has none
        printed: the values on it that 三者一致 compares; none of a draft
    """

    household_id: str
    read_at: datetime
    title: str
    number: str
    head: str
    place: str
    pages: int
    code: VerificationCode
    content: ContentHash
    draft: bool
    reason: str
    printed: Held = field(default_factory=dict)
    missing: tuple[Unprintable, ...] = ()

    @property
    def name(self) -> str:
        """Number and head, for a bookmark."""
        return f"{self.number} {self.head}".strip()

    @property
    def keywords(self) -> str:
        """A property of the file: the code on the cover."""
        return self.code.payload


@dataclass(frozen=True, slots=True)
class _PlacedPart:
    """A part with its pages and the number of the first one: in the file, and in the archive's own count, 0 for a part
    that is not counted."""

    part: Part
    pages: list[PageLayout]
    first_page: int
    first_counted: int


@dataclass(frozen=True, slots=True)
class _PageChrome:
    """What is printed around the text on all pages of one archive."""

    settings: RenderSettings
    total_pages: int
    running_head: str
    draft: bool


def render_settings(workbook: Workbook, sections: Sequence[str] | None, reason: str = "") -> RenderSettings:
    """The settings of a run that starts now, by the current operator.

    Raises:
        KeyError: there is no part of such a name
    """
    select_parts(sections)
    footer = formatting.print_footer(workbook.operator, datetime.now())
    section_names = None if sections is None else tuple(sections)
    return RenderSettings(section_names, bool(preferences.get(workbook, "duplex")), footer, reason.strip())


def content_now(session: Session, household_id: str, sections: Sequence[str] | None) -> ContentHash:
    """The content hash of an archive of these parts if it were printed now."""
    return hash_content(list(_build_parts(session, household_id, select_parts(sections), [])))


def render_volume(
    workbook: Workbook,
    pdf: PdfDocument,
    household_id: str,
    settings: RenderSettings,
    level: int = 0,
    *,
    has_errors: bool,
) -> RenderedVolume:
    """Draw one household's archive.

    Args:
        level: of the bookmarks of its parts; above 0 the archive gets a bookmark of its own
        has_errors: its quality check does not pass: a draft, unless the settings have a reason
    """
    read_at = datetime.now()
    with reading_for_paper(workbook) as session:
        context = load_context(session, household_id)
        broken: list[Unprintable] = []
        built_parts = list(_build_parts(session, household_id, select_parts(settings.sections), broken))
        rendered = _describe_volume(context, read_at, hash_content(built_parts), has_errors, settings)
        if not rendered.draft:
            rendered = replace(
                rendered, printed=printed_values(session, household_id, [part.name for part, _ in built_parts])
            )
        in_words = [(part, relabel(flowables, context.terms_on)) for part, flowables in built_parts]
        placed, total_pages = _place_parts(in_words, rendered, settings.duplex)
    if level:
        pdf.bookmark(rendered.name)
    chrome = _PageChrome(settings, total_pages, f"一户一档　{context.head_name}　{context.number}", rendered.draft)
    if has_errors and settings.reason:
        reason_text = settings.reason if len(settings.reason) <= _MAX_REASON else f"{settings.reason[:_MAX_REASON]}…"
        chrome = replace(
            chrome, settings=replace(settings, footer=f"{settings.footer}\n带疑点打印，理由：{reason_text}")
        )
    number = 1
    missing: dict[str, Unprintable] = {}
    for part in placed:
        for n in range(number, part.first_page):
            _draw_page(pdf, PageLayout(False, ()), n, chrome, bare=True)
        pdf.bookmark(part.part.title, level)
        pdf.open_section(part.part.title)
        for n, page in enumerate(part.pages):
            archive_number = str(part.first_counted + n) if part.first_counted else None
            _draw_page(pdf, page, part.first_page + n, chrome, bare=part.part.bare, archive_number=archive_number)
        number = part.first_page + len(part.pages)
        collect_missing(missing, pdf, context.head_name, part.part.title)
    return replace(rendered, pages=total_pages, missing=(*broken, *missing.values()))


def _describe_volume(
    context: HouseholdContext, read_at: datetime, content: ContentHash, has_errors: bool, settings: RenderSettings
) -> RenderedVolume:
    return RenderedVolume(
        household_id=context.household.id,
        read_at=read_at,
        title=f"{context.head_name}户档案",
        number=context.number,
        head=context.head_name,
        place=context.household.group_name or context.household.hamlet or formatting.EMPTY,
        pages=0,
        code=VerificationCode(context.file_no, content.overall),
        content=content,
        draft=has_errors and not settings.reason,
        reason=settings.reason if has_errors else "",
    )


def _draw_page(
    pdf: PdfDocument,
    page: PageLayout,
    number: int,
    chrome: _PageChrome,
    *,
    bare: bool,
    archive_number: str | None = None,
) -> None:
    back = chrome.settings.duplex and number % 2 == 0
    geometry = a4_page(page.landscape, back)
    canvas = PageCanvas(pdf, geometry.width, geometry.height)
    if chrome.draft:
        canvas.watermark(WATERMARK)
    draw_fragments(canvas, geometry, page.fragments)
    if not bare:
        page_label = f"第 {number} 页 共 {chrome.total_pages} 页"
        frame = PageFrame(page_label, chrome.running_head, chrome.settings.footer, back, archive_number)
        draw_frame(canvas, geometry, frame, landscape=page.landscape)
    canvas.finish()


def _place_parts(
    built_parts: Sequence[tuple[Part, Sequence[Flowable]]], rendered: RenderedVolume, duplex: bool
) -> tuple[list[_PlacedPart], int]:
    """Place the parts on pages; those that need page numbers, e.g. the table of contents, are laid out again."""
    laid_out = [(part, layout_pages(flowables, part.landscape)) for part, flowables in built_parts]
    summary = _number_pages(built_parts, laid_out, rendered, duplex)[1]
    for _ in range(3):
        laid_out = [
            (
                part,
                layout_pages([_resolve_deferred(flowable, summary) for flowable in flowables], part.landscape)
                if _has_deferred(flowables)
                else part_pages,
            )
            for (part, flowables), (_, part_pages) in zip(built_parts, laid_out, strict=True)
        ]
        placed, new_summary = _number_pages(built_parts, laid_out, rendered, duplex)
        if new_summary == summary:
            break
        summary = new_summary
    return placed, summary.pages


def _has_deferred(flowables: Sequence[Flowable]) -> bool:
    return any(isinstance(flowable, Deferred) for flowable in flowables)


def _resolve_deferred(flowable: Flowable, summary: VolumeSummary) -> Flowable:
    return replace(flowable, volume=summary) if isinstance(flowable, Deferred) else flowable


def _build_parts(
    session: Session, household_id: str, parts: Sequence[Part], broken: list[Unprintable]
) -> Iterator[tuple[Part, Sequence[Flowable]]]:
    """The parts with what they print; what cannot be read is added to `broken`, and said where it belongs."""
    head = load_context(session, household_id).head_name
    for part in parts:
        flowables = _build_part(session, household_id, part)
        called = part
        if part.is_called_by_era:
            words = context_on(session, household_id, _first_date(flowables)).terms
            called = replace(part, title=part.called(words))
        attached = list(attached_parts(session, household_id, called))
        told = take_notes(session)
        broken += [Unprintable(head, called.title, text) for text in told]
        if told:
            flowables = [*(flowables or empty_page(called, session, household_id)), _gap(told)]
        if flowables:
            yield called, flowables
        elif part.when_empty == "none":
            yield called, empty_page(called, session, household_id)
        yield from attached


def _build_part(session: Session, household_id: str, part: Part) -> Sequence[Flowable]:
    """What a part prints; nothing where it cannot be built at all, e.g. by a checklist of a newer program."""
    try:
        return part.build(session, household_id)
    except UserError as error:
        note_unprintable(session, f"内容读不出来：{str(error).rstrip('。')}")
        return []


def _gap(told: Sequence[str]) -> Flowable:
    """What stands on the paper in place of what cannot be read."""
    return Paragraph(f"（这里有内容没有印出：{'；'.join(told)}。）", CAPTION)


def _number_pages(
    built_parts: Sequence[tuple[Part, Sequence[Flowable]]],
    laid_out: Sequence[tuple[Part, list[PageLayout]]],
    rendered: RenderedVolume,
    duplex: bool,
) -> tuple[list[_PlacedPart], VolumeSummary]:
    placed, next_page, next_counted = [], 1, 1
    for part, part_pages in laid_out:
        next_page += 1 if duplex and next_page % 2 == 0 else 0  # printed on both sides, each part begins on a new sheet
        placed.append(_PlacedPart(part, part_pages, next_page, next_counted if part.listed else 0))
        next_page += len(part_pages)
        next_counted += len(part_pages) if part.listed else 0
    entries = tuple(
        ContentsEntry(
            placed_part.part.code,
            placed_part.part.title,
            placed_part.first_counted,
            len(placed_part.pages),
            _first_date(flowables) or rendered.read_at.date(),
            placed_part.part.copies,
        )
        for placed_part, (_, flowables) in zip(placed, built_parts, strict=True)
        if placed_part.part.listed
    )
    photos = sum(getattr(flowable, "photographs", 0) for _, flowables in built_parts for flowable in flowables)
    return placed, VolumeSummary(entries, next_page - 1, photos, rendered.code)


def _first_date(flowables: Sequence[Flowable]) -> date | None:
    """The date of the first form that has one."""
    for flowable in flowables:
        dated = (
            flowable.dated
            if isinstance(flowable, Title | AttachedPage)
            else _first_date(flowable.flowables)
            if isinstance(flowable, KeepTogether)
            else None
        )
        if dated:
            return dated
    return None
