"""What helps an officer on: the manual that comes with the program, and the report for technicians."""
