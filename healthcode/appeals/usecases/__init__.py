"""What can be done with appeals."""
