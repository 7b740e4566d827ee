"""Aviary, a cloud that nobody runs, as a bonito provider."""
