"""Schema history of the faces slice."""
