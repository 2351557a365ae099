"""What a broker or support asks for a client: kept with who asked, when, on which policy, and what came of it."""
