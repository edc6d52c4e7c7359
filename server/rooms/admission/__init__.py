"""Admission to rooms: codes, and how often they may be tried."""
