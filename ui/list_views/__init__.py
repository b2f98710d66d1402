"""What a list is narrowed by, sorted by and grouped by: the dialog, the line of chips, the menu of saved views."""
