"""Write scripts while the service runs: drafts, publishing, and the library that watches its folders."""
