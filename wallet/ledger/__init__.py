"""Double-entry books, written set by set."""
