"""Public question sets and planted instructions."""
