"""Wallet accounts, payments and their books."""
