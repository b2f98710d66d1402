"""Parts of the page on which the county's rules are edited."""
