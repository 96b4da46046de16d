"""What people touch: the console, the phone's page and the demo, in a real Chromium against a real server."""
