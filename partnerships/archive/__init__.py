"""Copies of what is cited, kept for the day on which its address no longer answers."""
