"""Forms of this room, by page."""
