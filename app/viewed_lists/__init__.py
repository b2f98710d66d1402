"""Lists that can be viewed though no table has their rows: issues, and what was withdrawn."""
