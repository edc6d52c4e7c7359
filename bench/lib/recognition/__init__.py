"""Recognise what voices say and count the words that were misheard."""
