"""What ISO 19005-2 asks of the structure of an archival file, held to a whole volume that is read back with pikepdf."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument, read_jpeg
from app.pdf.page_style import BODY, HEIGHT, WIDTH
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, print_to_path
from app.printing.print_job import PrintOptions
from app.progress import run_to_completion
from db.schema.household import Member
from tests import builders
from tests.app.conftest import SampleHouseholds

_COLOURS = {"g", "G", "rg", "RG"}  # described by the file's own profile
_FORBIDDEN_COLOURS = {"k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "sh", "ri"}
_FORBIDDEN_KEYS = {"/AA", "/JS", "/EF", "/SMask", "/F", "/FFilter", "/XFA", "/PresSteps", "/OC", "/Encrypt", "/Trans"}
_DESCRIBED = {
    "/Title": "dc:title", "/Author": "dc:creator", "/Keywords": "pdf:Keywords", "/Producer": "pdf:Producer",
    "/Creator": "xmp:CreatorTool",
}  # fmt: skip


@pytest.fixture(scope="module")
def content(sample_households: SampleHouseholds) -> bytes:
    return run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.full])))


@pytest.fixture(scope="module")
def volume(content: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield pdf


def _objects(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream, those within others too."""

    def walk(thing: Any) -> Iterator[Any]:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            for _, value in thing.items():
                if not value.is_indirect if isinstance(value, pikepdf.Object) else False:
                    yield from walk(value)
        elif isinstance(thing, pikepdf.Array):
            for value in thing:
                if isinstance(value, pikepdf.Object) and not value.is_indirect:
                    yield from walk(value)

    for thing in pdf.objects:
        yield from walk(thing)


def test_head_and_trailer(content: bytes, volume: pikepdf.Pdf) -> None:
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", content)
    assert content.endswith(b"%%EOF\n")
    assert len(volume.trailer.ID) == 2
    assert all(bytes(one) for one in volume.trailer.ID)
    assert not volume.is_encrypted
    assert volume.check_pdf_syntax() == []


def test_streams_end_on_a_line_of_their_own_and_say_their_length(content: bytes, volume: pikepdf.Pdf) -> None:
    ends = [matches.start() for matches in re.finditer(rb"endstream\nendobj", content)]
    assert len(ends) > 30
    assert all(content[end - 1 : end] == b"\n" for end in ends)
    streams = [one for one in volume.objects if isinstance(one, pikepdf.Stream)]
    assert len(streams) == len(ends)
    lengths = sorted(int(metadata) for metadata in re.findall(rb"/Length (\d+)", content))
    assert lengths == sorted(len(one.read_raw_bytes()) for one in streams)


def test_what_archives_must_not_hold(volume: pikepdf.Pdf) -> None:
    for one in _objects(volume):
        keys = set(one.keys())
        assert keys.isdisjoint(_FORBIDDEN_KEYS)
        assert str(one.get("/Filter", "")) not in ("/LZWDecode", "/Crypt")
        assert one.get("/S") not in ("/Transparency", "/JavaScript", "/Launch")
        assert one.get("/Interpolate") is None or not one.Interpolate
    assert {"/OpenAction", "/AcroForm", "/Names", "/OCProperties"}.isdisjoint(volume.Root.keys())
    assert not any("/Annots" in page or "/Group" in page for page in volume.pages)


def test_colours_are_described(volume: pikepdf.Pdf) -> None:
    (intent,) = volume.Root.OutputIntents
    profile = intent.DestOutputProfile
    assert (intent.S, profile.N) == ("/GTS_PDFA1", 3)
    head = profile.read_bytes()
    assert (head[12:16], head[16:20], head[36:40]) == (b"mntr", b"RGB ", b"acsp")
    assert int.from_bytes(head[:4], "big") == len(head)
    used = set()
    for page in volume.pages:
        assert "/ExtGState" not in page.Resources
        used |= {str(one.operator) for one in pikepdf.parse_content_stream(page)}
        for picture in page.Resources.get("/XObject", {}).values():
            assert picture.ColorSpace in ("/DeviceRGB", "/DeviceGray")
    assert used & _COLOURS
    assert used.isdisjoint({*_FORBIDDEN_COLOURS, "gs"})


def test_a_photograph_in_colours_of_a_press_is_shown_in_those_of_a_screen() -> None:
    file, picture = io.BytesIO(), io.BytesIO()
    Image.new("CMYK", (40, 30), (0, 200, 200, 0)).save(picture, "JPEG")
    pdf = PdfDocument(file, "题名", "王书记")
    canvas = PageCanvas(pdf, WIDTH, HEIGHT)
    picture_block = read_jpeg(picture.getvalue())
    assert picture_block is not None
    canvas.image(picture_block, 0, 0, 100, 100, "照片")
    canvas.finish()
    pdf.close()
    with pikepdf.open(file) as read:
        (matches,) = read.pages[0].Resources.XObject.values()
        assert matches.ColorSpace == "/DeviceRGB"


def test_properties_and_metadata_agree(volume: pikepdf.Pdf) -> None:
    stream = volume.Root.Metadata
    assert "/Filter" not in stream
    assert (stream.Type, stream.Subtype) == ("/Metadata", "/XML")
    with volume.open_metadata(set_pikepdf_as_editor=False) as metadata:
        assert metadata.pdfa_status == "2B"
        for name, key in _DESCRIBED.items():
            value = metadata[key]
            assert str(volume.docinfo[name]) == (value[0] if isinstance(value, list) else value)
        assert "xmp:CreateDate" in metadata
        written = re.sub(r"[^0-9]", "", metadata["xmp:CreateDate"])
        assert re.sub(r"[^0-9]", "", str(volume.docinfo.CreationDate)).startswith(written[:14])
    assert set(volume.docinfo.keys()) - {*_DESCRIBED} == {"/CreationDate", "/ModDate"}


def test_hostile_names_make_properties_that_every_reader_takes(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path, operator="<王>&]]>")
    with book.writing() as session:
        household = builders.household(session, 1)
        session.query(Member).filter_by(household_id=household.id).one().name = "<rdf:li>&\x00\x0b\ufffe陈\U0002000b"
        home_id = household.id
    content = io.BytesIO(run_to_completion(preview(book, ArchiveJob([home_id], ["cover"]))))
    with pikepdf.open(content) as pdf, pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        assert metadata["dc:title"] == str(pdf.docinfo.Title) == "<rdf:li>&陈\U0002000b户档案"
        assert metadata["dc:creator"] == ["<王>&]]>"]
    book.close()


def test_fonts_are_whole(volume: pikepdf.Pdf) -> None:
    fonts = {str(font.BaseFont): font for page in volume.pages for font in page.Resources.Font.values()}
    assert len(fonts) >= 4
    for name, font in fonts.items():
        assert re.match(r"/[A-Z]{6}\+", name)
        assert (font.Subtype, font.Encoding) == ("/Type0", "/Identity-H")
        (below,) = font.DescendantFonts
        assert (below.Subtype, below.BaseFont, below.FontDescriptor.FontName) == ("/CIDFontType2", name, name)
        program = TTFont(io.BytesIO(below.FontDescriptor.FontFile2.read_bytes()))
        cid_map = below.CIDToGIDMap.read_bytes()
        glyphs = [int.from_bytes(cid_map[n : n + 2], "big") for n in range(0, len(cid_map), 2)]
        assert 0 not in glyphs[1:]
        assert max(glyphs) < program["maxp"].numGlyphs
        metadata = _widths(below.W)
        scale = 1000 / program["head"].unitsPerEm
        advance = [program["hmtx"][glyph][0] * scale for glyph in program.getGlyphOrder()]
        for code, glyph in enumerate(glyphs):
            assert abs(metadata.get(code, int(below.DW)) - advance[glyph]) <= 1


def _widths(width_entries: Any) -> dict[int, int]:
    glyph_widths, entries = {}, list(width_entries)
    for code, widths in zip(entries[::2], entries[1::2], strict=True):
        glyph_widths |= {int(code) + n: int(width) for n, width in enumerate(widths)}
    return glyph_widths


def test_every_page_names_the_fonts_it_uses(volume: pikepdf.Pdf) -> None:
    for page in volume.pages:
        used = {str(one.operands[0]) for one in pikepdf.parse_content_stream(page) if str(one.operator) == "Tf"}
        assert used <= set(page.Resources.Font.keys())


def test_a_locked_file_does_not_claim_to_be_archival(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    run_to_completion(
        print_to_path(
            sample_households.workbook,
            ArchiveJob([sample_households.empty], ["cover"]),
            out,
            PrintOptions(password="青山绿水2018"),
        )
    )
    with pikepdf.open(out, password="青山绿水2018") as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == ""


def test_a_file_drawn_by_hand_is_archival_too() -> None:
    file = io.BytesIO()
    pdf = PdfDocument(file, "", "")
    canvas = PageCanvas(pdf, WIDTH, HEIGHT)
    canvas.text(80, 700, 400, "石桥村", BODY)
    canvas.finish()
    pdf.close()
    with pikepdf.open(file) as read, read.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
        assert "/Title" not in read.docinfo


def test_a_validator_approves_of_whole_volumes(sample_households: SampleHouseholds, content: bytes) -> None:
    from pikepdf import pdfa

    for pdf in (
        content,
        run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.monster]))),
        run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.empty]))),
    ):
        assert pdfa.validate_written(io.BytesIO(pdf), "2b").findings == []
    spoilt = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as read:
        del read.Root.OutputIntents
        read.save(spoilt)
    assert not pdfa.validate_written(spoilt, "2b").passed
