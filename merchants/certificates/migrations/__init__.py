"""Schema history of the certificates slice."""
