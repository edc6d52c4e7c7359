"""Read a line as the check needs it: sentences of tokens with their lemmas, patterns over them, and their scope."""
