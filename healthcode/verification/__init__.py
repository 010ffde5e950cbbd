"""Health code: verification."""
