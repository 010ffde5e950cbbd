"""Disputes: a buyer says that a payment was wrong; evidence, deadlines, and who bears it."""
