"""Code formats: EMVCo, payment codes, foreign profiles. Pure."""
