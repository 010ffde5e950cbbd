"""Transit without network: certificates on phones, taps at gates, fares afterwards."""
