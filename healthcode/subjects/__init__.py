"""Health code: subjects."""
