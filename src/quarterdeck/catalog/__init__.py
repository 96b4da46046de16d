"""The services that can break: who owns each, how much it matters, what it stands on."""
