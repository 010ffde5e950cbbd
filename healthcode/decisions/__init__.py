"""Health code: decisions."""
