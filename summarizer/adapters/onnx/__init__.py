"""Embedding models on onnxruntime."""
