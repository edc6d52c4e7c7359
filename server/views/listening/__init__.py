"""Answer whoever listens: pages, sound and texts of exercises, files, feeds, cards, and what a phone keeps."""
