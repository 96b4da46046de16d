"""What every room may lean on: time, ids, events, lifecycles, principals, errors, text. No I/O but the clock."""
