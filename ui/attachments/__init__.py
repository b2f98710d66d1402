"""Papers that are attached to a row of a register or to a form, shown where the row is."""
