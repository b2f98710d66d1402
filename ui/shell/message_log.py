"""What the officer was told since the program was started, for the list of today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

_MOST = 1000


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """A sentence of the status bar: when, and whether it was "saved", "told" or "refused"."""

    at: datetime
    kind: str
    text: str


class MessageLog:
    """Kept in memory only: sentences name people, and nothing of a workbook lies outside of it."""

    def __init__(self) -> None:
        self._messages: list[SaidMessage] = []

    def add(self, kind: str, text: str) -> None:
        """A sentence is shown now."""
        self._messages.append(SaidMessage(datetime.now(), kind, text))
        del self._messages[:-_MOST]

    def of_day(self, day: date) -> Iterator[SaidMessage]:
        """The sentences of a day, newest first."""
        return (message for message in reversed(self._messages) if message.at.date() == day)
