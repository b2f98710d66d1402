"""The statements of docs/publishing.md do what is said of them; of those for a cluster, what one server can show."""

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


_CITUS = """
CREATE TABLE asked (name regclass, distribution_column text, colocated text);
CREATE TABLE pg_dist_partition (logicalrelid regclass);
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql
    AS 'INSERT INTO asked VALUES (table_name, NULL, NULL); INSERT INTO pg_dist_partition VALUES (table_name)';
CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text,
    distribution_type text DEFAULT 'hash', colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL)
    RETURNS void LANGUAGE sql AS 'INSERT INTO asked VALUES (table_name, distribution_column, colocate_with);
    INSERT INTO pg_dist_partition VALUES (table_name)';
"""


def test_the_statements_for_a_cluster_ask_for_every_table_by_its_village(own_county):
    """Citus' two functions stand here with its signatures and write down what they are asked for."""
    own_county.query(_CITUS)
    (cluster,) = statements("On a cluster (Citus)")
    first, *others = [one for one in cluster.split(";\n") if one.strip()]
    assert first == "CREATE EXTENSION IF NOT EXISTS citus"
    own_county.query(*others)
    asked = own_county.query("SELECT name::text, distribution_column, colocated FROM asked")
    names = {name.partition(".")[2].strip('"'): rest for name, *rest in asked}
    tables = {name for (name,) in own_county.query("SELECT tablename FROM pg_tables WHERE schemaname = 'hudang'")}
    assert len(names) == len(asked)
    assert set(names) == tables - {"published_log"}
    assert names.pop("published_schema") == [None, None]
    assert names.pop("published_position") == ["village", "default"]
    assert {tuple(rest) for rest in names.values()} == {("village", "hudang.published_position")}
    # what Citus asks of a distributed table: its village in each unique index
    assert (
        own_county.query(
            "SELECT indexrelid::regclass FROM pg_index JOIN asked ON name = indrelid WHERE indisunique "
            "AND distribution_column IS NOT NULL AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid "
            "AND attname = 'village') = ANY (indkey)"
        )
        == []
    )
    own_county.query(others[-1])  # again: nothing is asked for twice
    assert own_county.query("SELECT count(*) FROM asked") == [(len(asked),)]
