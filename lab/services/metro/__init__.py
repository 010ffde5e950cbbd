"""A metro: gates that work without network, and the phones that pass them."""
