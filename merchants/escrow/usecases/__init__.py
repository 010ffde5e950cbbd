"""What can be done with guaranteed trades."""
