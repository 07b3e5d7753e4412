"""What is said, tied to the exact words that say it."""
