"""What passkeys can do, one verb a module."""
