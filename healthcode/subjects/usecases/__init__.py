"""What can be done with subjects."""
