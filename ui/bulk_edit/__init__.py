"""批量修改: one change for many rows of a list."""
