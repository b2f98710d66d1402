"""Why a spreadsheet file is rejected. Each message says what is wrong, where, and what to do."""

from app.errors import UnrecognizedFile, UserError


class NoSheet(UnrecognizedFile):
    """The file holds no table: a document, a picture, a web page renamed, nothing at all."""


class EncryptedSheet(UserError):
    """The file has a password of its own."""


class MacroSheet(UserError):
    """The file contains macros."""


class OversizedSheet(UserError):
    """The file unpacks to, or spreads over, far more than a roster ever does."""


class BrokenSheet(UserError):
    """The file is a spreadsheet, but part of it is missing or cannot be read."""


class NoHeaderRow(UserError):
    """No row of the file has the column names of a roster."""


class WrongVillage(UserError):
    """Every row belongs to a village that this workbook does not have."""


class StalePreview(UserError):
    """The workbook was changed after the preview was made."""


class WrittenListFound(UserError):
    """The file is a list that this program wrote: app/sheets/register_import.py brings it back."""


class RosterFound(UserError):
    """The file is a roster of the national system, not a list of another office."""
