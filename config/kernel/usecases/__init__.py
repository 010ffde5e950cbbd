"""What can be done to the kernel."""
