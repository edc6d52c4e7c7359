"""The process that holds the sockets: its start, its end, its limits and its garbage collection."""
