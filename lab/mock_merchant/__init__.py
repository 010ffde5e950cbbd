"""A merchant's side of the gateway: the client that integrators read first.

It needs `requests` and `cryptography` and nothing of this product: copy the folder
into your own system and it works there. README.md beside this file is the tour.
"""
