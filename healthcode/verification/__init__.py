"""Venues, terminals, codes verified, check-ins, and who looked at whose code."""
