"""Scan and go: a shopper scans, pays and leaves by a gate; some baskets are looked into."""
