"""The installation's test certificate authority: a root, and what it signed."""
