"""Provide phones in rooms: a pair that is recorded, a crowd, and a network between phones and service."""
