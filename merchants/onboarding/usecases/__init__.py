"""What can be done in onboarding: one module a verb."""
