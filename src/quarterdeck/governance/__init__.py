"""People, teams, permissions, sign-in, keys and the audit view: who may do what, and who did."""
