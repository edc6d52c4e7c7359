"""Figures of rooms and their sockets: many of them, hostile ones, and several services."""
