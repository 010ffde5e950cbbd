"""Commands of the teaching layer."""
