"""What the Alipay protocol's rooms share: exact strings, signatures, formats, status words."""
