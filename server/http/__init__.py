"""Shape HTTP answers: headers, ranges, static files, sound, origin checks."""
