"""What editors do: edit, lock, approve, merge, split, resolve."""
