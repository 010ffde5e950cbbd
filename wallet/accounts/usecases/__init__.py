"""What can be done with wallet accounts: one verb a module."""
