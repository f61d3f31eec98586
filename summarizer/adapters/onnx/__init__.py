"""Embedding models run by onnxruntime."""
