"""What can be done at venues."""
