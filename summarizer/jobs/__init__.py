"""Background drafting: queue, planner, budget, message batches, worker."""
