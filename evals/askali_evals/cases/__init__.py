"""What is asked: cases, facts files, review."""
