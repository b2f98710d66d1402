"""Draws certificates with fictional names and numbers, photographed as a telephone does: skewed, dim, noisy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

import resources

_CARD = (1012, 638)  # pixels of a card of 85.6 × 54 mm at 300 to the inch
_PAGE = (1240, 874)  # a page of a booklet
_EVEN = 73.9  # standard deviation of bytes that are all as likely
_INK, _BLUE = "#1c1c22", "#3a6a9c"


@dataclass(frozen=True, slots=True)
class Person:
    """Who a certificate is drawn for; all texts as they stand on it."""

    name: str
    sex: str
    nation: str
    birth: tuple[int, int, int]
    address: str
    id_no: str


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resources.ROOT / "fonts" / f"{name}.ttf"), size)


def id_card(person: Person) -> Image.Image:
    """The side of an identity card with the portrait."""
    card, draw = _blank(_CARD, "#e9f0f2")
    draw.rectangle((690, 110, 930, 420), fill="#c9d3d8")
    draw.ellipse((755, 160, 865, 290), fill="#a99383")
    year, month, day = person.birth
    _labelled(draw, 60, 75, "姓名", person.name, 44)
    _labelled(draw, 60, 155, "性别", person.sex, 38)
    _labelled(draw, 300, 155, "民族", person.nation, 38)
    _parts(
        draw, 60, 235, (("出生", 1), (str(year), 0), ("年", 1), (str(month), 0), ("月", 1), (str(day), 0), ("日", 1))
    )
    draw.text((60, 318), "住址", _BLUE, _font("hei", 32))
    for n in range(0, len(person.address), 11):
        draw.text((160, 315 + n // 11 * 52), person.address[n : n + 11], _INK, _font("hei", 38))
    draw.text((60, 540), "公民身份号码", _BLUE, _font("hei", 32))
    draw.text((320, 530), person.id_no, _INK, _font("hei_bold", 48))
    return card


def id_card_back(authority: str = "岳西县公安局", valid: str = "2015.03.12-2035.03.12") -> Image.Image:
    """The side of an identity card with the emblem."""
    card, draw = _blank(_CARD, "#e9eff0")
    draw.ellipse((80, 80, 240, 240), fill="#b5382c")
    draw.text((330, 90), "中华人民共和国", _INK, _font("hei", 64))
    draw.text((330, 190), "居 民 身 份 证", _INK, _font("hei", 76))
    _labelled(draw, 200, 430, "签发机关", authority, 38, gap=180)
    _labelled(draw, 200, 520, "有效期限", valid, 38, gap=180)
    return card


def booklet_page(person: Person, relation: str, education: str = "初中", **more: str) -> Image.Image:
    """A page of a household booklet: 常住人口登记卡."""
    page, draw = _blank(_PAGE, "#f3efe3")
    draw.text((400, 40), "常住人口登记卡", _INK, _font("song_bold", 54))
    year, month, day = person.birth
    rows: Sequence[Sequence[tuple[str, str]]] = (
        (("姓名", person.name), ("户主或与户主关系", relation)),
        (("曾用名", more.get("former_name", "")), ("性别", person.sex)),
        (("出生地", "安徽省岳西县"), ("民族", person.nation)),
        (("籍贯", "安徽省岳西县"), ("出生日期", f"{year}年{month}月{day}日")),
        (("本市（县）其他住址", ""), ("宗教信仰", "")),
        (("公民身份号码", person.id_no), ("血型", "")),
        (("文化程度", education), ("婚姻状况", more.get("marriage", "有配偶"))),
        (("服务处所", more.get("work", "")), ("职业", "粮农")),
    )
    _grid(draw, rows, top=130, height=82)
    draw.text((80, 810), "承办人签章：        登记日期：2012年6月8日", _INK, _font("song", 30))
    return page


def booklet_first_page(person: Person, household_no: str = "340888001") -> Image.Image:
    """The first page of a household booklet."""
    page, draw = _blank(_PAGE, "#f3efe3")
    draw.text((480, 60), "居民户口簿", _INK, _font("song_bold", 54))
    rows = (
        (("户别", "农业家庭户"), ("户主姓名", person.name)),
        (("户号", household_no), ("住址", person.address)),
    )
    _grid(draw, rows, top=200, height=120)
    return page


def disability_card(person: Person, kind: str, level: str, number: str) -> Image.Image:
    """The open page of a certificate of disability."""
    page, draw = _blank(_PAGE, "#e7efe4")
    year, month, day = person.birth
    lines = (
        ("姓名", person.name), ("性别", f"{person.sex}    民族 {person.nation}"),
        ("出生日期", f"{year}年{month:02}月{day:02}日"), ("残疾人证号", number), ("住址", person.address),
        ("残疾类别", kind), ("残疾等级", level), ("签发日期", "2019年05月20日"),
    )  # fmt: skip
    draw.text((430, 30), "中华人民共和国残疾人证", _INK, _font("hei_bold", 46))
    for n, (label, text) in enumerate(lines):
        _labelled(draw, 120, 120 + n * 88, label, text, 38, gap=220)
    return page


def bank_card(number: str, bank: str = "中国农业银行") -> Image.Image:
    """The front of a bank card, its digits in groups of four, light on dark."""
    card, draw = _blank(_CARD, "#14664f")
    draw.text((60, 50), bank, "white", _font("hei_bold", 52))
    draw.text((60, 125), "金穗惠农卡", "#d9e8e0", _font("hei", 34))
    draw.rounded_rectangle((80, 220, 210, 310), 12, fill="#d6b866")
    groups = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
    draw.text((80, 370), groups, "#f1f4f2", _font("hei_bold", 58))
    draw.text((80, 500), "VALID THRU 08/29", "#d9e8e0", _font("hei", 30))
    draw.text((760, 540), "UnionPay 银联", "white", _font("hei_bold", 34))
    return card


def social_security_card(person: Person, card_no: str, bank_number: str = "") -> Image.Image:
    """The front of a social-security card; those of the third kind bear the number of a bank card."""
    card, draw = _blank(_CARD, "#eef0e6")
    draw.text((240, 40), "中华人民共和国社会保障卡", _INK, _font("hei_bold", 44))
    draw.rectangle((60, 150, 280, 430), fill="#c9d3d8")
    lines = (
        ("姓名", person.name), ("社会保障号码", person.id_no), ("社会保障卡卡号", card_no), ("发卡日期", "2018年03月"),
    )  # fmt: skip
    for n, (label, text) in enumerate(lines):
        _labelled(draw, 320, 140 + n * 78, label, text, 36, gap=260 if len(label) > 4 else 160)
    if bank_number:
        groups = " ".join(bank_number[n : n + 4] for n in range(0, len(bank_number), 4))
        draw.text((80, 530), groups, _INK, _font("hei_bold", 52))
    return card


def photographed(
    drawn: Image.Image, seed: int = 0, *, angle: float = 0, dim: float = 1, noise: float = 0, blur: float = 0
) -> Image.Image:
    """A certificate on a table, as a telephone takes it.

    Args:
        angle: degrees by which it lies askew; it is also seen a little from the side
        dim: brightness, 1 for daylight
        noise: standard deviation of the sensor's noise, of 255
        blur: radius in pixels
    """
    random = Random(seed)
    table = Image.new("RGB", (1600, 1200), random.choice(("#6d5a48", "#8a8d8f", "#3d4a52", "#a58d6f")))
    width, height = drawn.size
    mask = Image.new("L", drawn.size, 255)
    lean = [random.uniform(-0.03, 0.03) for _ in range(8)] if angle else [0.0] * 8
    corners = (
        lean[0] * width, lean[1] * height, lean[2] * width, height * (1 + lean[3]),
        width * (1 + lean[4]), height * (1 + lean[5]), width * (1 + lean[6]), lean[7] * height,
    )  # fmt: skip
    leaning = drawn.transform(drawn.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    leaning_mask = mask.transform(drawn.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    turned = leaning.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    turned_mask = leaning_mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    at = ((table.width - turned.width) // 2 + random.randint(-40, 40), (table.height - turned.height) // 2)
    table.paste(turned, at, turned_mask)
    scene = ImageEnhance.Brightness(table).enhance(dim)
    if blur:
        scene = scene.filter(ImageFilter.GaussianBlur(blur))
    if noise:
        even = Image.frombytes("L", scene.size, random.randbytes(scene.width * scene.height))  # the same in each run
        grain = even.point([round(128 + (value - 127.5) * noise / _EVEN) for value in range(256)]).convert("RGB")
        scene = ImageChops.add(scene, grain, 1, -128)
    return scene


def save_photograph(scene: Image.Image, path: Path, quality: int = 80) -> Path:
    """As JPEG, with what JPEG does to fine lines."""
    scene.save(path, "JPEG", quality=quality)
    return path


def _blank(size: tuple[int, int], colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    card = Image.new("RGB", size, colour)
    return card, ImageDraw.Draw(card)


def _labelled(draw: ImageDraw.ImageDraw, x: int, y: int, label: str, text: str, size: int, gap: int = 100) -> None:
    draw.text((x, y + (size - 32) // 2), label, _BLUE, _font("hei", 32))
    draw.text((x + gap, y), text, _INK, _font("hei", size))


def _parts(draw: ImageDraw.ImageDraw, x: int, y: int, parts: Sequence[tuple[str, int]]) -> None:
    """Words side by side: labels blue, what was filled in black."""
    for text, is_label in parts:
        font = _font("hei", 32 if is_label else 38)
        draw.text((x, y + (4 if is_label else 0)), text, _BLUE if is_label else _INK, font)
        x += int(draw.textlength(text, font)) + (28 if is_label else 12)


def _grid(draw: ImageDraw.ImageDraw, rows: Sequence[Sequence[tuple[str, str]]], top: int, height: int) -> None:
    """A ruled table of labels and what is filled in, two of them in a row."""
    edges = (60, 270, 650, 900, 1180)
    for n, row in enumerate(rows):
        y = top + n * height
        for k, (label, text) in enumerate(row):
            left, middle, right = edges[2 * k], edges[2 * k + 1], edges[2 * k + 2]
            draw.rectangle((left, y, middle, y + height), outline="#555")
            draw.rectangle((middle, y, right, y + height), outline="#555")
            _in_cell(draw, left, middle, y, height, label, "song_bold", 28)
            _in_cell(draw, middle, right, y, height, text, "fangsong", 34)


def _in_cell(
    draw: ImageDraw.ImageDraw, left: int, right: int, y: int, height: int, text: str, font: str, size: int
) -> None:
    """A text in a cell, on two lines where it is too wide."""
    face = _font(font, size)
    room = right - left - 16
    lines = [""]
    for character in text:
        if draw.textlength(lines[-1] + character, face) > room:
            lines.append("")
        lines[-1] += character
    start = y + (height - len(lines) * (size + 4)) / 2
    for n, line in enumerate(lines):
        draw.text((left + 8, start + n * (size + 4)), line, _INK, face)
