"""The reading side: lists, search, pages, entities."""
