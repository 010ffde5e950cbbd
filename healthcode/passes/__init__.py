"""Health code: passes."""
