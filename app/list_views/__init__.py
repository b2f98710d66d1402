"""What an officer makes of a list: filter, order, columns and groups, to be kept under a name
(docs/decisions/0023-saved-views.md)."""
