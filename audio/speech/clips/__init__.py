"""Make one line in one voice a clip: synthesis, the silence around a sentence, and the store of clips on disk."""
