"""Provide what figures share: services, browsers, recorders, floors, reports."""
