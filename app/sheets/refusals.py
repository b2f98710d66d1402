"""Why a spreadsheet file is not taken in at all. Each sentence says what is wrong, where, and what to do."""

from app.errors import OfficeError, UnknownFile


class NoSheet(UnknownFile):
    """The file holds no table: a document, a picture, a web page renamed, nothing at all."""


class EncryptedSheet(OfficeError):
    """The file has a password of its own."""


class MacroSheet(OfficeError):
    """The file carries a program."""


class OversizedSheet(OfficeError):
    """The file unpacks to, or spreads over, far more than a roster ever does."""


class BrokenSheet(OfficeError):
    """The file is a spreadsheet, but part of it is missing or cannot be read."""


class NoHeading(OfficeError):
    """No row of the file has the column names of a roster."""


class OtherVillage(OfficeError):
    """Every row belongs to a village that this workbook does not have."""


class StalePreview(OfficeError):
    """The workbook was changed after the preview was made."""
