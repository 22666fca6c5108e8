"""Questions that more than one page asks."""
