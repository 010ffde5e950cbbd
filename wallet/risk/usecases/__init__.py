"""What can be done about risk: one module a verb."""
