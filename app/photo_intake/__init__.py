"""Photographs of a telephone, a folder of them at once: sorted to visits and inspections, confirmed, taken in."""
