"""What the county sets, as an officer edits it: options, limits, forms … docs/decisions/0021-county-data.md."""
