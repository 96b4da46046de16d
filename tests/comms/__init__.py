"""The communication plan at work: renderings, deadlines that climb, elevation, and the doors to them."""
