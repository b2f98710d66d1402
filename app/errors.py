"""What can go wrong, said to an officer."""


class OfficeError(Exception):
    """Anything an officer can do something about.

    `str()` is the Chinese sentence that is shown: what is wrong, where, and what to do. The cause (`__cause__`) goes
    to the log only.
    """


class UnknownFile(OfficeError):
    """The file is not what it was opened as: no workbook, no package, no roster."""


class WrongKey(OfficeError):
    """The passphrase or recovery code opens nothing here."""


class Damaged(OfficeError):
    """The file is one of ours, but part of it is missing or was altered."""


class NewerVersion(OfficeError):
    """The file was written by a newer version of the program."""


class Busy(OfficeError):
    """Another window or command has the workbook open."""


class FieldRefused(OfficeError):
    """A value that a field cannot take; the sentence names the field."""
