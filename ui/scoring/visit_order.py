"""The households of a round in walking order, and which of them are done."""

from collections.abc import Sequence

from app.checklists.results import HouseholdResult


class VisitOrder:
    """Made from the results of a round; `mark` keeps it up to date while households are scored."""

    def __init__(self, results: Sequence[HouseholdResult] = ()) -> None:
        self.ids = [result.household.household_id for result in results]
        self._done = {result.household.household_id for result in results if result.finished}

    def set_done(self, household_id: str, done: bool) -> None:
        """A household has a finished inspection now, or has none any more."""
        if done:
            self._done.add(household_id)
        else:
            self._done.discard(household_id)

    @property
    def remaining(self) -> int:
        """How many households are still to be seen."""
        return sum(household_id not in self._done for household_id in self.ids)

    def number(self, household_id: str) -> int:
        """The place of a household from 1, 0 for a household that is not in the round."""
        return self.ids.index(household_id) + 1 if household_id in self.ids else 0

    def next_remaining(self, current_id: str = "") -> str:
        """The next household to be seen, beginning again at the start; "" where no other is left."""
        start = self.number(current_id)
        return next(
            (
                household_id
                for household_id in self.ids[start:] + self.ids[:start]
                if household_id not in self._done and household_id != current_id
            ),
            "",
        )

    def neighbour(self, household_id: str, offset: int) -> str:
        """The household so many places further, seen or not; "" beyond either end."""
        index = self.number(household_id) - 1 + offset
        return self.ids[index] if self.number(household_id) and 0 <= index < len(self.ids) else ""
