"""What is done with consents."""
