"""Rules in line and scores after the fact."""
