"""Local servers that speak the interfaces of trackers, as far as we use them."""
