"""Clustering suite: clusters of the product against labelled incidents."""
