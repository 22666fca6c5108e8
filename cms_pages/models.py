"""Pages that authors write."""
