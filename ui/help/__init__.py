"""Help inside the program: the manual, the quick card, what the program is, and the report to technicians."""
