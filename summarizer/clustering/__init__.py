"""Clustering of items into incidents."""
