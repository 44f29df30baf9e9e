"""Untrusted queries in processes that can be killed: `pool` on the server's side, `process` and `evaluation` inside."""
