"""What can be done with agreements: one module a verb."""
