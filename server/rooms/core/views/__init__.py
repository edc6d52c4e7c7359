"""Views of a room for each seat: its picture, its plan, and when they are sent anew."""
