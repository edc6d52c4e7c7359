"""Say words well that an engine says badly: the lexicon, and a therapist's own list of words."""
