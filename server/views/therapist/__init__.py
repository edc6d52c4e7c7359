"""Answer a therapist who is signed in: her pages, and what she makes on them."""
