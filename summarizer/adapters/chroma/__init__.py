"""Chroma behind the index ports."""
