"""Paper: what is to be read away from the screen, as one kind of document made into accessible PDF."""
