"""What can be done with payments: one module a verb."""
