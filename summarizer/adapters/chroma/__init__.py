"""Chroma as the vector index of passages and headings."""
