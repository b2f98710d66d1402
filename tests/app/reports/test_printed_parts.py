"""What db/schema says of where records are printed names parts and reports that there are."""

import pytest

from app.reports.catalogue import parts
from app.reports.village import all_reports
from db.schema import records, relations


@pytest.mark.parametrize("table", records())
def test_records_are_printed_where_they_say(table):
    known = {part.name for part in parts()} | {report.name for report in all_reports()}
    assert set(relations.printed_in(table)) <= known
