"""What exchange does: open an account, quote, take a quote, refund at its rate."""
