"""The card that is photographed first: its QR code says whose home the next photographs are of.

    HDPHOTO1:⟨id of a household⟩

It holds no name and no number: whoever finds one learns nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_PREFIX = "HDPHOTO1:"


def card_text(household_id: str) -> str:
    """What the QR code of a household's card says."""
    return f"{_PREFIX}{household_id}"


def household_of_card(image: "Image") -> str:
    """Id of the household whose card is in a picture, "" where there is none."""
    import zxingcpp

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    codes = zxingcpp.read_barcodes(image.convert("L"), formats=formats, try_invert=False)
    found = (str(code.text).removeprefix(_PREFIX) for code in codes if str(code.text).startswith(_PREFIX))
    return next(found, "")
