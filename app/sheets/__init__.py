"""Spreadsheets in and out: rosters of the national system, lists, templates."""
