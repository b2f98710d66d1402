"""Parts of the page that takes a roster in."""
