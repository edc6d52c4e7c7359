"""Protocol of a room: commands, messages, refusals and sentences, and their text on the wire."""
