"""`saoma`: the product's command for people who test against it. It needs no checkout.

The commands that only speak to a running world load no Django, so that they start at once.
"""
