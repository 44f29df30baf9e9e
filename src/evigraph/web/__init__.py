"""The review on the web: a SPARQL endpoint, canned queries and pages; the one package that knows Starlette.

Modules: `server` starts it, `app` says what is at which address, `live` is the review as the server knows it now.
`mcp` is the review as tools for an assistant.
"""

__all__ = ["live", "mcp", "server"]
