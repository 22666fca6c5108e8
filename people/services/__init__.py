"""What changes people, units and memberships."""
