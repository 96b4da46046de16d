"""Who is on call, and who is paged next until somebody answers."""
