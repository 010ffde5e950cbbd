"""What can be done in settlement."""
