"""Payouts: settled money on its way to the merchants' banks."""
