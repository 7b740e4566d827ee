"""What is wrong with an installation or a connection, why it matters, and what mends it."""
