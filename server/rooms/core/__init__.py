"""Decide what happens in a room. Pure: an event and the time come in, the next state and effects go out."""
