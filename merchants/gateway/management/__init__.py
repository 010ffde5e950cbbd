"""Commands of acceptance."""
