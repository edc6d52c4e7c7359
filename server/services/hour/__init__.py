"""Keep what a therapist's hour needs: plans, pieces, cards to take home, lasting links, rooms that are open."""
