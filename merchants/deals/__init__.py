"""Deals: what a buyer takes from a seller's offer; money waits in escrow under a policy."""
