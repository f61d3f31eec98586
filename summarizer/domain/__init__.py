"""Immutable types of the product: items, incidents, evidence, claims, drafts, events. No I/O."""
