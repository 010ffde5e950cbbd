"""Health code: evidence."""
