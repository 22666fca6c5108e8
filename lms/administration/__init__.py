"""What administrators alone may do: see pages as someone else does, read the audit log."""
