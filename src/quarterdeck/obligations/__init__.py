"""Legal and contractual clocks of an incident: which regimes apply, what they ask until when, what was handed in."""
