"""Errors of what tests and benches share."""


class NotInstalled(Exception):
    """A program is missing on this machine; the sentence says which, and how to get it."""


class NotInTime(Exception):
    """A page did not come to where it should be."""
