"""Commands of the panel."""
