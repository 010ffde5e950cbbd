"""What can be done with splits."""
