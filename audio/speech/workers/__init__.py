"""Run engines in processes of their own: the pool of them, and one process."""
