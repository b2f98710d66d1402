"""A card as text and as a QR code: drawn on the screen or on paper, photographed with a telephone, read from the photo.

    HDCARD1:⟨base32 of zlib of MessagePack⟩

Capitals and digits only, which a QR code stores in two thirds of the space. It has the contents of the card's file and
the same signature.
"""

import base64
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.errors import UserError
from app.picture_file import DAMAGED, MAX_PIXELS, open_image
from app.sync.errors import NoCardInImage, NotACard
from app.sync.identity_card import ROLES, Card, card_payload, verify_card

if TYPE_CHECKING:
    from PIL.Image import Image

_PREFIX = "HDCARD1:"
_MAX_TEXT_LENGTH = 4296  # what a QR code of the largest size holds
_MAX_PLAIN_BYTES = 64 * 1024
_SCAN_SIZES = (1600, 3200, 800)  # a photograph is searched at these sizes, in pixels of its longer side
_ROLES = tuple(ROLES)


class _CardPayload(msgspec.Struct, array_like=True):
    """The card's file without its labels."""

    name: str
    role: int
    age: str
    sign: bytes
    villages: list[tuple[str, str]]
    signature: bytes


_DECODER: msgspec.msgpack.Decoder[_CardPayload] = msgspec.msgpack.Decoder(_CardPayload)


def card_text(card: Card) -> str:
    """A card as one line of capitals and digits.

    Args:
        card: with its signature: our own, or one that was read
    """
    payload = _CardPayload(
        card.name,
        _ROLES.index(card.role),
        card.age_recipient,
        bytes.fromhex(card.sign_key),
        list(card.villages),
        bytes.fromhex(card.signature),
    )
    compressed = zlib.compress(msgspec.msgpack.encode(payload), 9)
    return _PREFIX + base64.b32encode(compressed).decode().rstrip("=")


def card_from_text(text: str, name: str = "这段文字") -> Card:
    """The card in a text, however its lines were broken on the way. Reading it does not establish trust.

    Args:
        name: where the text comes from, for messages

    Raises:
        NotACard: it is none, or a letter is wrong
    """
    normalized = "".join(text.split()).upper()
    if not normalized.startswith(_PREFIX) or len(normalized) > 4 * _MAX_TEXT_LENGTH:
        raise NotACard(name)
    body = normalized.removeprefix(_PREFIX)
    try:
        decompressor = zlib.decompressobj()
        plain = decompressor.decompress(base64.b32decode(body + "=" * (-len(body) % 8)), _MAX_PLAIN_BYTES)
        if not decompressor.eof or decompressor.unused_data:
            raise NotACard(name)
        payload = _DECODER.decode(plain)
        card = Card(payload.name, _ROLES[payload.role], payload.age, payload.sign.hex(), tuple(payload.villages))
    except (ValueError, LookupError, zlib.error, msgspec.MsgspecError) as error:
        raise NotACard(name) from error
    return verify_card(card_payload(card) | {"signature": payload.signature.hex()}, name)


def card_qr_matrix(card: Card) -> tuple[bytes, ...]:
    """The QR code of a card as rows of squares, a byte each, 1 for a dark one; the white border is the drawer's.

    Raises:
        UserError: the card names more villages than a QR code holds
    """
    import segno

    text = card_text(card)
    try:
        code = segno.make(text, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError as error:
        raise UserError("这张名片上的村太多，一个二维码装不下。请用“保存本机名片”存成文件交给同事。") from error
    return tuple(bytes(row) for row in code.matrix)


def card_from_image(path: Path) -> Card:
    """The card whose QR code is in a photograph or on a picture of a screen. Reading it does not establish trust.

    Raises:
        NoCardInImage: no QR code is found in it, or none that is a card
        NotACard: its QR code is a card that somebody altered
        UserError: it is no picture, or too large to be read safely
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with open_image(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UserError(f"“{path.name}”有 {image.width}×{image.height} 像素，太大了。请先缩小再添加。")
            image.draft("L", (_SCAN_SIZES[1], _SCAN_SIZES[1]))
            text = _find_card_text(image.convert("L"))
    except FileNotFoundError as error:
        raise UserError(f"找不到图片“{path.name}”。请检查 U 盘是否插好。") from error
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise UserError(f"“{path.name}”不是能用的图片。请选 JPG、PNG 或苹果手机的 HEIC。") from error
    except DAMAGED as error:
        raise UserError(f"图片“{path.name}”读不出来，可能没有复制完整。请重新复制后再添加。") from error
    if not text:
        raise NoCardInImage(path.name)
    return card_from_text(text, path.name)


def _find_card_text(image: "Image") -> str:
    """The text of the first QR code that looks like a card, "" if there is none."""
    import zxingcpp

    longest_side = max(image.size)
    sizes = [size for size in _SCAN_SIZES if size < longest_side] or [longest_side]
    for size in sizes if longest_side > _SCAN_SIZES[1] else [*sizes, longest_side]:
        scaled = image.copy()
        scaled.thumbnail((size, size))
        for barcode in zxingcpp.read_barcodes(scaled, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
            if barcode.text.startswith(_PREFIX):
                return str(barcode.text)
    return ""
