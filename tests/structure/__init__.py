"""This project's own rules: what no published tool checks. `python -m tests.structure` runs them all."""
