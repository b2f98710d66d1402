"""Comparison of what the workbook says with the lists of other offices (docs/decisions/0026-comparison.md)."""
