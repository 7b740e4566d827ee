"""What emulated models take and say in their makers' own APIs, whichever cloud serves them."""
