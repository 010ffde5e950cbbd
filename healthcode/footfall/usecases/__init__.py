"""What can be done with footfall."""
