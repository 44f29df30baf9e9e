"""The review on the web: a SPARQL endpoint, canned queries and pages; the one package that knows Starlette."""
