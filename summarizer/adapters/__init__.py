"""Implementations of the ports with vendors' libraries, which no other package imports."""
