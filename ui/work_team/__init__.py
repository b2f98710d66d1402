"""What the window shows of the work team: the month of attendance as a sheet."""
