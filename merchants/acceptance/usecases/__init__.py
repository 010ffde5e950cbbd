"""What can be done in acceptance: one module a verb."""
