"""A phone with a passkey: it shows what it signs, and its key never leaves it."""
