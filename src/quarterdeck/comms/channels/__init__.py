"""How what is public leaves the house: as files that any web server or bucket can give out."""
