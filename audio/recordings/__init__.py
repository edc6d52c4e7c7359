"""Keep lines that a therapist has read: ingest, store, archive, and the choice of who is heard."""
