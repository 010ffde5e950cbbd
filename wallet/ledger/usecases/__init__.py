"""What can be done to the books, one verb a module."""
