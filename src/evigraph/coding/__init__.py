"""The workbook for coders: written with drop-downs, and read back."""
