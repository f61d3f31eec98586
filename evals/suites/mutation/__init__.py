"""Good drafts with one fault planted at a time: does the product still show the sentence?

``suite`` runs it, ``faults`` lists what is planted, ``rewrites`` what must stay shown, ``stories``
where drafts come from.
"""

from evals.suites.mutation.suite import MutationSuite

__all__ = ["MutationSuite"]
