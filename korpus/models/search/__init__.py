"""Search: an index of documents, and the documents that answer a query."""
