"""Running, comparing and reporting evals."""
