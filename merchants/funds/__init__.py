"""A merchant's own balance: topped up, asked about, and sent to wallets and bank cards."""
