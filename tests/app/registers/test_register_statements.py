"""The SQL that registers are made of: each figure is of its own row, never of a whole table by accident."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from app.registers import all_registers
from app.registers.engine.register import Count, Register, Sum

_TABLES_SIDE_BY_SIDE = re.compile(r"FROM \w+(?: AS \w+)?, \w+")


@pytest.mark.parametrize("register", all_registers(), ids=lambda register: register.key)
def test_no_column_and_no_figure_asks_every_row_of_a_table(register: Register) -> None:
    """A subquery below a subquery is correlated only by name; else it reads `FROM helper, helper_assessment`."""
    named = [one.expression for one in register.computed]
    wheres = [one.where for one in register.figures if isinstance(one, Count | Sum) and one.where is not None]
    sql = str(select(register.record.id, *named, *wheres).compile(dialect=sqlite.dialect()))
    assert not _TABLES_SIDE_BY_SIDE.findall(sql)
