"""What tests are made of: factories that run the real use cases."""
