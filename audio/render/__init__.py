"""Render a recipe to a file of sound: the mix, the encoders, the metadata and the compositor."""
