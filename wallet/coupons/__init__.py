"""Platform coupons: the house pays a part of what somebody buys."""
