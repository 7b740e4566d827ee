"""Aviary's twin, broken on purpose."""
