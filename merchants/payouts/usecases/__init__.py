"""What can be done with payouts."""
