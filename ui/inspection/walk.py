"""The homes of a round in walking order, and which of them are done: what moving from home to home asks."""

from collections.abc import Sequence

from app.checklists.results import Result


class Walk:
    """Made from the results of a round; `mark` keeps it up to date while homes are scored."""

    def __init__(self, found: Sequence[Result] = ()) -> None:
        self.ids = [result.home.household_id for result in found]
        self._done = {result.home.household_id for result in found if result.finished}

    def mark(self, household_id: str, done: bool) -> None:
        """A home has a finished inspection now, or has none any more."""
        if done:
            self._done.add(household_id)
        else:
            self._done.discard(household_id)

    @property
    def left(self) -> int:
        """How many homes are still to be seen."""
        return sum(one not in self._done for one in self.ids)

    def number(self, household_id: str) -> int:
        """The place of a home from 1, 0 for a home that is not in the round."""
        return self.ids.index(household_id) + 1 if household_id in self.ids else 0

    def next_left(self, after: str = "") -> str:
        """The next home to be seen, beginning again at the start; "" where no other is left."""
        start = self.number(after)
        return next((one for one in self.ids[start:] + self.ids[:start] if one not in self._done and one != after), "")

    def neighbour(self, household_id: str, by: int) -> str:
        """The home so many places further, seen or not; "" beyond either end."""
        place = self.number(household_id) - 1 + by
        return self.ids[place] if self.number(household_id) and 0 <= place < len(self.ids) else ""
