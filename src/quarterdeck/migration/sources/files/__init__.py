"""What every format needs of a file: opened within limits, its text, its rows set apart, the items of its JSON."""
