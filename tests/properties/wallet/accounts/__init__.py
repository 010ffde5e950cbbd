"""Properties of wallet accounts."""
