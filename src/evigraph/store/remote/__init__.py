"""A review on a server: any endpoint of the SPARQL 1.1 Protocol, Update and Graph Store Protocol.

`remote_store` asks it, and `publication` brings a workspace's graphs there; both start
SPARQLWrapper; `addresses` does not.
"""

from evigraph.store.remote.addresses import Endpoint, endpoint, is_url

__all__ = ["Endpoint", "endpoint", "is_url", "publication", "remote_store"]
