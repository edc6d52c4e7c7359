"""Sockets of a room: the connection, the shared clock and the language of a phone."""
