"""What is taken out of documents or groups: their keywords, and their most important sentences."""
