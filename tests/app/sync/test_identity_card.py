"""Cards as text and as a QR code: drawn, photographed, read; nothing altered is believed."""

import io
import random

import pytest
from PIL import Image, ImageFilter

from app.errors import UserError
from app.sync import peers
from app.sync.errors import NoCardInImage, NotACard
from db.schema.village import Village
from tests.app.sync.peers import OTHER_VILLAGE, card_of, make_team, send
from tests.builders import VILLAGE, household, workbook


@pytest.fixture
def book(tmp_path):
    new_workbook = workbook(tmp_path)
    yield new_workbook
    new_workbook.close()


def render_qr(card, scale=4, border=4):
    """A picture of the QR code, as a screen shows it."""
    rows = peers.card_qr_matrix(card)
    side = len(rows) + 2 * border
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + border, y + border), 0)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def test_text_is_the_card(book, tmp_path):
    card = peers.load_own_card(book)
    text = peers.card_text(card)
    assert peers.card_from_text(text) == card == card_of(book)
    assert peers.card_text(card_of(book)) == text
    assert text.isascii()
    assert text == text.upper()
    assert len(text) < 420
    broken = "\n".join(text[start : start + 40].lower() for start in range(0, len(text), 40))
    assert peers.card_from_text(f"  {broken}\n").fingerprint == card.fingerprint


def test_any_wrong_letter_of_the_text(book):
    text = peers.card_text(peers.load_own_card(book))
    chance = random.Random(1)
    for index in range(len(text)):
        wrong = chance.choice([letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != text[index]])
        try:
            read = peers.card_from_text(text[:index] + wrong + text[index + 1 :])
        except NotACard:
            continue
        assert read == peers.load_own_card(book)  # bits that fill up the last letter
    for other in ("", "HDCARD1:", "HDCARD2:" + text[8:], text[:-9], text + "AAAAAAAA", "HDCARD1:" + "A" * 20_000):
        with pytest.raises(NotACard):
            peers.card_from_text(other)


def test_a_photograph_of_a_screen(book, tmp_path):
    card = peers.load_own_card(book)
    photo = Image.new("RGB", (2600, 1900), (90, 110, 100))
    code = render_qr(card, 14).convert("RGB").rotate(7, expand=True, fillcolor=(90, 110, 100), resample=Image.BICUBIC)
    photo.paste(code, (700, 300))
    photo.filter(ImageFilter.GaussianBlur(2)).save(tmp_path / "手机拍的.jpg", quality=70)
    assert peers.card_from_image(tmp_path / "手机拍的.jpg") == card


@pytest.mark.parametrize("scale", [2, 3, 8, 40])
def test_pictures_of_any_size(book, tmp_path, scale):
    render_qr(peers.load_own_card(book), scale).save(tmp_path / "q.png")
    assert peers.card_from_image(tmp_path / "q.png") == peers.load_own_card(book)


def test_a_township_of_forty_villages(tmp_path):
    (township,) = make_team(tmp_path, "乡")
    peers.update_own_card(township, "响水镇扶贫站", "township")
    with township.writing() as session:
        from db.schema.village import Village

        for n in range(2, 41):
            code = f"340828100{n + 100}"
            session.add(Village(village=code, code=code, name=f"第{n}村"))
    card = peers.load_own_card(township)
    assert len(card.villages) == 40
    render_qr(card, 6).save(tmp_path / "q.png")
    assert peers.card_from_image(tmp_path / "q.png") == card
    township.close()


def test_pictures_without_a_card(book, tmp_path):
    import segno

    Image.effect_noise((900, 700), 80).save(tmp_path / "草地.jpg")
    with pytest.raises(NoCardInImage, match=r"“草地.jpg”里没有看到名片的二维码"):
        peers.card_from_image(tmp_path / "草地.jpg")
    segno.make("https://example.org").save(str(tmp_path / "网址.png"), scale=5)
    with pytest.raises(NoCardInImage):
        peers.card_from_image(tmp_path / "网址.png")
    text = peers.card_text(peers.load_own_card(book))
    segno.make(text[:40] + text[41:39:-1] + text[42:] + "7").save(str(tmp_path / "改过.png"), scale=5)
    with pytest.raises(NotACard):
        peers.card_from_image(tmp_path / "改过.png")


def test_files_that_are_no_pictures(tmp_path):
    with pytest.raises(UserError, match="找不到"):
        peers.card_from_image(tmp_path / "没有.jpg")
    for name, content in (("空.jpg", b""), ("字.png", b"HDCARD1:AAAA")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match="不是能用的图片"):
            peers.card_from_image(tmp_path / name)
    out = io.BytesIO()
    Image.effect_noise((800, 800), 50).save(out, "JPEG")
    (tmp_path / "半张.jpg").write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    with pytest.raises(UserError, match="没有复制完整"):
        peers.card_from_image(tmp_path / "半张.jpg")


def test_a_picture_that_unpacks_to_gigabytes(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "大.png")
    assert (tmp_path / "大.png").stat().st_size < 100_000
    with pytest.raises(UserError):
        peers.card_from_image(tmp_path / "大.png")


def test_a_newer_card_of_the_same_workbook(tmp_path):
    """New name and level; what is known of the peer stays."""
    a, b = make_team(tmp_path, "甲", "乙")
    with a.writing() as session:
        household(session)
    send(a, b), send(b, a)
    before = peers.find_peer(a, peers.load_own_card(b).sign_key)
    peers.update_own_card(b, "响水镇扶贫站", "township")
    entry = peers.trust(a, card_of(b))
    assert (entry.name, entry.role, entry.villages) == ("响水镇扶贫站", "township", ())
    assert (entry.fingerprint, entry.waiting, entry.last_heard) == (before.fingerprint, 0, before.last_heard)
    assert [peer.name for peer in peers.list_peers(a)] == ["响水镇扶贫站"]
    a.close()
    b.close()


def test_a_village_card_must_name_its_village(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    card = card_of(b)
    nameless = peers.Card(card.name, "village", card.age_recipient, card.sign_key, ())
    with pytest.raises(UserError, match="没有写明是哪个村"):
        peers.trust(a, nameless)
    key = card.sign_key
    with pytest.raises(UserError):
        peers.set_villages(a, key, ())
    with pytest.raises(UserError, match="12 位"):
        peers.set_villages(a, key, ("石桥村",))
    assert peers.find_peer(a, key).villages == (VILLAGE.code,)
    both = peers.set_villages(a, key, (OTHER_VILLAGE.code, VILLAGE.code))
    assert both.villages == (VILLAGE.code, OTHER_VILLAGE.code)
    with a.writing() as session:
        session.add(Village(village=OTHER_VILLAGE.code, code=OTHER_VILLAGE.code, name=OTHER_VILLAGE.name))
    assert peers.load_own_card(a).role == "township"  # of two villages, unless it says otherwise
    a.close()
    b.close()
