"""Settlement terms."""
