"""Help the engines: phonemes, intonation, the library that runs models, folders to write in."""
