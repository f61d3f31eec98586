"""Tests.

One thread for linear algebra, set before NumPy is loaded: on matrices as small as ours, two cost
1.6 times the CPU on a busy machine, and the two workers of the suite have a core each.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
