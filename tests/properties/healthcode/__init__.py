"""Properties of healthcode."""
