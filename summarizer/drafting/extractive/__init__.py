"""Extractive drafter: selects, trims and orders source sentences; needs no language model.

``drafter`` runs one composer per section (``title``, ``prose``, ``sides``, ``forecast``,
``timeline``) on usable sentences (``sentences``, ``filters``), ordered by importance
(``ranking``).  The draft is a pure function of the evidence pack.
"""
