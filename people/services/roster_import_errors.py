"""What the services of roster imports raise."""


class RosterImportError(Exception):
    """It can't be done with this list now; the message says why and what to do."""
