"""Adapters: each reads one product's requests, bytes in, arrivals out. None knows another."""
