"""Which items tell of one incident."""
