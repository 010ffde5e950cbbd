"""What a developer does in the console that no other slice does."""
