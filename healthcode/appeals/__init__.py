"""Corrections: a person says that a colour is wrong; two others decide."""
