"""What people do with split bills and red packets, and what ends by itself."""
