"""What a broker asks for on a client's policy: kept there with who asked, when, and what came of it."""
