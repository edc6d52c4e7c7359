"""Measure rooms, their sockets and two phones in step."""
