"""Copies of sources, kept in case their address disappears."""
