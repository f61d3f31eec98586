"""Entailment: the probability that sources support a claim.

Two models are combined: a logistic regression over word overlap (``lexical``), and small networks
that compare each token of a claim with its most similar source tokens (``network``), after
decomposable attention (Parikh et al. 2016).  The networks use the token vectors of the shipped
embedding model, so that their own weights take less than one megabyte.
"""
