"""The statements of docs/publishing.md, but for those that need a cluster, do what is said of them."""

import re
from pathlib import Path

from tests.app.publishing.test_published_rows import OTHER_VILLAGE
from tests.builders import VILLAGE, household, workbook

_DOCUMENT = Path(__file__).parents[3] / "docs" / "publishing.md"


def statements(heading):
    section = _DOCUMENT.read_text(encoding="utf-8").partition(f"## {heading}")[2].partition("\n## ")[0]
    return re.findall(r"```sql\n(.+?)```", section, re.DOTALL)


def test_a_county_queries_and_a_township_sees_its_villages_alone(tmp_path, own_county):
    for village in (VILLAGE, OTHER_VILLAGE):
        book = workbook(tmp_path, f"{village.name}.hdb", village=village)
        with book.writing() as session:
            household(session, village=village.code, household_kind="一般农户")
        own_county.publish(book)
        book.close()
    (queries,) = statements("Queries")
    answers = [own_county.query(query) for query in queries.split(";\n") if query.strip()]
    assert [len(answer) for answer in answers] == [0, 1, 1, 0]
    assert answers[1][0][1] == "一般农户"
    roles = statements("A publisher's role, readers, townships")
    assert len(roles) == 2
    own_county.query(*(one.replace("DATABASE county", f"DATABASE {own_county.name}") for one in roles))
    seen = own_county.server.execute(
        "SELECT village, count(*) FROM hudang.member_current GROUP BY 1",
        database=own_county.name,
        user="township_xiangshui",
    )
    assert seen == [(VILLAGE.code, 3)]
    assert own_county.query("SELECT count(DISTINCT village) FROM hudang.member_current") == [(2,)]
