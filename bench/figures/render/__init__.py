"""Measure how files of sound come about: how soon, how loud, in how much memory."""
