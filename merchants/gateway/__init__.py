"""The Alipay-protocol edge."""
