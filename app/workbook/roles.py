"""Roles of operators."""
