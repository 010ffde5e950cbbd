"""The small kernel every slice stands on."""
