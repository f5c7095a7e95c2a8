"""A small cross-encoder for code, by ONNX runtime; it ships with codebase-core."""
