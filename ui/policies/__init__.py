"""Pieces of the pages about policies."""
