"""What can be done with authorisations and arrears: one module a verb."""
