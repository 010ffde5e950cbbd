"""What can be done to trace."""
