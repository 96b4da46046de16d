"""The framework: the incident management plan as checked files, published as immutable revisions."""
