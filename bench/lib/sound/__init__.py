"""Compose sound to be measured, and read it back."""
