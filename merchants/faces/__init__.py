"""Paying by face: terminals that vouch for a person, and tokens of what they vouched for."""
