"""Limits of connections and requests, held before anything is worked out."""
