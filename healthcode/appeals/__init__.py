"""Health code: appeals."""
