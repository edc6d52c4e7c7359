"""Attack a running service."""
