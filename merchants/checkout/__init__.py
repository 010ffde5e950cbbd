"""Where payers agree: the cashier, signing and authorisation pages, app orders."""
