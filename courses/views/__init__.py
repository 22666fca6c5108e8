"""Receiving evidence, and the screens where runs are opened and changed."""
