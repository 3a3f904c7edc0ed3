"""The annex: a Report as a document to be numbered and signed, written as DOCX and as PDF."""
