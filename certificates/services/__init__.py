"""What can be done to certificates: issue, number, record, revoke, replace."""
