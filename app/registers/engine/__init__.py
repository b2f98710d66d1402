"""What every register does alike: rows, steps, figures, what a declaration may say. It knows no register by name."""
