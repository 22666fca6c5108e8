"""What changes the catalogue, the runs and the records."""
