"""The demo: a small company with a history, and the first journey told live on the real machinery."""
