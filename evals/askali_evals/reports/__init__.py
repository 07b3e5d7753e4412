"""A run as pages for people and files for machines."""
