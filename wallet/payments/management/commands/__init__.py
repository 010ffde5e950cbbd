"""Commands of the payments slice."""
