"""Durable signals a second through HTTP, beside the raw store and the bare HTTP ceiling of the same machine."""
