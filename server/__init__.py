"""Serve the exercises: the Flask application, its rooms, and the command line."""
