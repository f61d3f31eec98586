"""Clustering against labelled incidents."""
