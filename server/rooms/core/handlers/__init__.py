"""Handle events: one module for each phase or role."""
