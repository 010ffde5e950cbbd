"""Passkeys: a key on the payer's device that signs what is agreed to, in the PIN's place."""
