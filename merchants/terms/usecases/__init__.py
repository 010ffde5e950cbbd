"""What can be done with a merchant's terms."""
