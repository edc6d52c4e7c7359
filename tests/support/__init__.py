"""Provide what tests and benches share."""
