"""Where a payment's money comes from beside the balance: savings and a pay-later line."""
