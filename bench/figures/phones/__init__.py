"""Figures of two phones: what is heard on both, and how soon."""
