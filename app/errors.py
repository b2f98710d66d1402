"""What can go wrong, said to an officer."""


class UserError(Exception):
    """Anything an officer can do something about.

    `str()` is the Chinese sentence that is shown: what is wrong, where, and what to do. The cause (`__cause__`) goes
    to the log only.
    """


class UnrecognizedFile(UserError):
    """The file is not what it was opened as: no workbook, no package, no roster."""


class WrongPassphrase(UserError):
    """The passphrase or recovery code opens nothing here."""


class CorruptFile(UserError):
    """The file is one of ours, but part of it is missing or was altered."""


class NewerVersion(UserError):
    """The file was written by a newer version of the program."""


class WorkbookLocked(UserError):
    """Another window or command has the workbook open."""


class ValidationError(UserError):
    """A value that a field cannot take; the sentence names the field."""
