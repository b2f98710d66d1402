"""Visits as work: who is due, who plans to go where in a month, and what each helper did."""
