"""Find once a voice how to ask it for a pace and a level: the passages it reads, and what is heard of them."""
