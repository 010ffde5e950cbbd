"""A mini-app in fifty lines: silent login, order, notification, and forgetting."""
