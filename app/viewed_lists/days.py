"""What a page with a calendar has chosen beside its list."""

MONTH, DAY = "month", "day"  # YYYY-MM, YYYY-MM-DD
