"""What buyer, merchant, operators and the clock do about a dispute."""
