"""The gateway's methods, one module a family; each lists its declarations in METHODS."""
