"""What stands in which document, and its words. How it is drawn is up to the formats: pdf, docx, xlsx."""
