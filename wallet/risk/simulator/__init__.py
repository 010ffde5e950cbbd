"""A seeded world of payers, shops and five frauds, for training and for measuring the rules.

Everything in it is invented: no figure of a real customer, and no table is read or written.
"""
