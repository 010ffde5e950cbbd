"""Health code: evidence to colour to signed pass."""
