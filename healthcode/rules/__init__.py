"""Health code: rules."""
