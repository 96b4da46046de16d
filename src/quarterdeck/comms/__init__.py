"""The communication plan at work: who must know what and by when, and what is brought before higher management."""
