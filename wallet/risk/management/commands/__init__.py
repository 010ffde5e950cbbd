"""Commands of the risk slice."""
