"""Programs that are measured as processes of their own, so that time and memory are theirs alone."""
