"""What can be done with statements and breaks."""
