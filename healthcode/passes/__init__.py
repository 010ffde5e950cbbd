"""Signed passes, codes minted from them, and the lists that verifiers trust."""
