"""Asking the cases."""
