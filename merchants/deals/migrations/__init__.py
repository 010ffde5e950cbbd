"""Schema history of this slice."""
