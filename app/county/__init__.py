"""What the county sets, as an officer edits it: sheets of options, limits, checklists, forms … docs/decisions/0030."""
