"""Tables, taken apart: CSV with any delimiter, workbooks, and their rows as records."""
