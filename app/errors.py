"""Errors that an officer is told of."""


class UserError(Exception):
    """Anything an officer can do something about.

    `str()` is the Chinese sentence that is shown: what is wrong, where, and what to do. The cause (`__cause__`) goes
    to the log only.
    """


class UnrecognizedFile(UserError):
    """The file is not what it was opened as: no workbook, no package, no roster."""


class WrongPassphrase(UserError):
    """The passphrase or recovery code does not open this workbook."""


class CorruptFile(UserError):
    """The file is of this program, but part of it is missing or altered."""


class DamagedWorkbook(CorruptFile):
    """Pages of the workbook cannot be read; a backup takes its place, or what is readable is rescued."""


class NewerVersion(UserError):
    """The file was written by a newer version of the program."""


class WorkbookLocked(UserError):
    """Another window or command has the workbook open."""


class NotPermitted(UserError):
    """The role of the operator does not include this; the message says who may do it."""


class LocalCopyNeeded(UserError):
    """The workbook lies where it cannot be opened without harm (a share, a read-only medium); a copy on this
    machine's disk can (app/workbook/local_copy.py)."""


class LocalCopyAdvised(LocalCopyNeeded):
    """The workbook lies in a folder that a cloud program synchronises: it can be opened there, at a risk that the
    officer has to know."""


class ValidationError(UserError):
    """A value that a field does not accept; the message names the field."""
