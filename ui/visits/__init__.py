"""What the page of a month's visits is made of."""
