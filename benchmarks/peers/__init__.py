"""The same alerts, sent to Quarterdeck and to its peers."""
