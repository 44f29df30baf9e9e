"""Untrusted queries: read by a guard before any engine sees them, and answered in processes that can be killed.

`guard` reads the text; `pool` and `parent` are the server's side; `process` and `evaluation` run inside.
"""

__all__ = ["evaluation", "guard", "pool"]
