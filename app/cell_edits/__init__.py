"""Cells of lists that are typed, pasted, filled down or changed for many rows at once."""
