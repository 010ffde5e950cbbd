"""Schema history of the consents slice."""
