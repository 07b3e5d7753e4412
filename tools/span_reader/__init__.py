"""A recipe to train the small span reader: see README.md."""
