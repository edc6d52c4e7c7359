"""Process samples: tones, limiter, loudness, time stretch, voice effects, WAV. Everything here is pure."""
