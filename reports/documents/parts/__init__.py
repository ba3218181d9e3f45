"""The parts of documents, one function each: from the material of a document to a `Part`, or None to leave it out."""
