"""Use cases of the slice, one a module."""
