"""Drafts in the background: queue, planner, budget, batches, worker."""
