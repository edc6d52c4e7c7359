"""Places where rooms are kept for a restart: a journal on the disk, or Redis with one owner for each room."""
