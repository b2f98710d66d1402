"""Which of the workbook's villages a row belongs to."""

import re
from collections.abc import Sequence

from app.sheets.roster import RosterRow
from app.workbook.workbook import VillageInfo

_SUFFIX = re.compile(r"(村民委员会|居民委员会|村委会|居委会|行政村|社区|村)$")


def short_name(name: str) -> str:
    """A village's name without the words that are written or not: 石桥村委会, 石桥行政村 and 石桥 are one."""
    return _SUFFIX.sub("", re.sub(r"\s", "", name)) or name


class VillageMatcher:
    """Finds the village of a row, or the sentence why it has none here."""

    def __init__(self, villages: Sequence[VillageInfo]) -> None:
        self._by_name = {short_name(village.name): village for village in reversed(villages)}
        self._by_code = {village.code: village for village in villages}
        self._own_names = "”“".join(village.name for village in villages[:3]) + ("”等" if len(villages) > 3 else "”")
        self._single_village = villages[0] if len(villages) == 1 else None
        self.foreign_counts: dict[str, int] = {}

    def match(self, row: RosterRow) -> tuple[str, str]:
        """The village's code and "", or "" and the sentence that refuses the row.

        A row belongs here when its village has the name of one of ours, or its 户编号 begins with the code of one.
        Where both the number and the township say another place, the name alone does not count.
        """
        name, number = row.text("village.name"), row.text("household.household_no")
        by_code = self._by_code.get(number[:12])
        if by_code is not None:
            return by_code.code, ""
        has_foreign_code = len(number) >= 15 and number[:12].isdigit()
        if name:
            by_name = self._by_name.get(short_name(name))
            township = row.text("village.township")
            if by_name is not None and not (has_foreign_code and township and by_name.township not in ("", township)):
                return by_name.code, ""
            foreign_name = name if by_name is None else f"{township}{name}"
            self.foreign_counts[foreign_name] = self.foreign_counts.get(foreign_name, 0) + 1
            return "", f"这一行是“{foreign_name}”的，本工作簿只有“{self._own_names}。"
        if has_foreign_code:
            self.foreign_counts["其他村"] = self.foreign_counts.get("其他村", 0) + 1
            return "", f"这一行的户编号以 {number[:12]} 开头，是其他村的，本工作簿只有“{self._own_names}。"
        if self._single_village is not None:
            return self._single_village.code, ""
        return "", f"看不出这一行是哪个村的，请填“行政村”。本工作簿有“{self._own_names}。"

    def all_foreign_message(self, file: str) -> str:
        """The sentence for a file of which no row belongs here."""
        foreign_names = "”“".join(sorted(self.foreign_counts, key=lambda name: -self.foreign_counts[name])[:3])
        return (
            f"“{file}”所属“{foreign_names}”，与本工作簿（“{self._own_names}）不一致，没有导入。"
            f"请打开那个村的工作簿再导入，或换一份“{self._own_names}的名册。"
        )
