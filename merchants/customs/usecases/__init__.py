"""What can be done with customs declarations."""
