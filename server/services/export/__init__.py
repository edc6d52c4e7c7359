"""Hand the set out for good: a folder, an archive, a feed."""
