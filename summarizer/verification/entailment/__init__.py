"""Entailment by alignment: each word of a claim is held against the words of its sources that mean
most alike, and a small network judges what is left over.

After decomposable attention (Parikh et al. 2016), on token vectors of the embedding model that the
product ships anyway, so that its own weights are under one megabyte.
"""
