"""Whether a Package fits the room that product, technology and scanner leave it."""
