"""The first answer to a key is the only answer."""
