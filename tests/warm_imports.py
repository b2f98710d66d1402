"""Imported by the server of tests/warm_processes.py: what every process would do first is done before it forks."""

import gc

import python_calamine  # noqa: F401 - the reader of sheets imports it where it needs it
from sqlalchemy.orm import configure_mappers

import tests.faults.killed_work
import tests.warm_start  # noqa: F401
from app.pdf.fonts import font_name, font_styles

configure_mappers()
for _style in font_styles():
    font_name(_style)
gc.freeze()  # no collection touches what the forks share
