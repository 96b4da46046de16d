"""How long a page takes from the accepted signal to the channel, and what a storm does to people and pages."""
