"""A speaker that orders: it signs what it heard, and says aloud what came of it."""
