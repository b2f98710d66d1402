"""Lists that can be viewed though no table has their rows: issues, what was withdrawn, what two sides say."""
