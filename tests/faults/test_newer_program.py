"""A package of a newer program: what is not known here is kept, passed on, and disturbs nothing."""

import json
from itertools import permutations

from sqlalchemy import text

from app.exchange import conflicts, incoming
from app.progress import finish
from app.workbook.soundness import faults
from tests.app.exchange.team import all_records, cell, edit, journal, laptops, packed, send
from tests.builders import VILLAGE, household


def write_unknown(book, table, row, column, value):
    """What a newer program would have written here; an edit names the birth that it replaces."""
    with book.writing() as session:
        session.execute(text("UPDATE stream SET last = last + 1 WHERE replica = :own"), {"own": book.replica})
        session.execute(
            text(
                "INSERT INTO change "
                "(stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
                "SELECT n, last, :table, :row, :column, :value, writer.stamp, writer.operator, CASE :column WHEN '' "
                "THEN '' ELSE (SELECT group_concat(stream || ':' || number, ' ') FROM change WHERE row_id = :row "
                "AND column_name = '') END FROM stream, writer "
                "WHERE stream.replica = :own AND stream.village = :village"
            ),
            {
                "own": book.replica,
                "village": VILLAGE.code,
                "table": table,
                "row": row,
                "column": column,
                "value": value,
            },
        )
        if column:
            session.execute(
                text(
                    "INSERT INTO head SELECT row_id, column_name, stream, number FROM change ORDER BY seq DESC LIMIT 1"
                )
            )


def test_tables_and_columns_that_are_not_known_here(tmp_path):
    a, b, c = laptops(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        home = household(session).id
    for one, other in permutations((a, b, c), 2):
        send(one, other)
    write_unknown(a, "solar_roof", "f" * 32, "", json.dumps({"panels": 12, "household_id": home, "withdrawn": 0}))
    write_unknown(a, "solar_roof", "f" * 32, "panels", 14)
    write_unknown(a, "household", home, "solar_panel", "有")
    write_unknown(b, "household", home, "solar_panel", "无")
    edit(a, home, phone="13800000001")
    package = packed(a, b)
    assert finish(incoming.verify(b, package)).new_changes == 4
    receipt = finish(incoming.apply(b, package))
    assert (receipt.new_changes, receipt.conflicts) == (4, 0)
    assert cell(b, home, "phone") == "13800000001"
    assert conflicts.listed(b) == ()
    assert conflicts.how_many(b) == 0
    send(b, c)
    send(b, a)
    assert journal(a) == journal(b) == journal(c)
    assert all_records(a) == all_records(b) == all_records(c)
    for book in (a, b, c):
        assert finish(faults(book)) == []
        book.close()
