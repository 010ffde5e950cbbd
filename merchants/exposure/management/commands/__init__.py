"""Commands of exposure."""
