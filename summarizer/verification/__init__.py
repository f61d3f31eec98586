"""Is a claim supported by what it cites: evidence, checks, entailment, judge, gate."""
