"""How much a server takes on: sizes, times and numbers beyond which a request is refused in words."""

from dataclasses import dataclass

MIB = 2**20  # definition
HOST, PORT = "127.0.0.1", 8080  # definition: this machine alone


@dataclass(frozen=True)
class ServeLimits:
    """What one server takes on.

    Parameters
    ----------
    max_body_mb : float
        Size of a request's body.
    max_nesting : int
        Lists and objects inside one another in a request.
    max_records : int
        Records of one request.
    max_request_seconds : float
        Time from a request's arrival to its answer.
    max_arrival_seconds : float
        Time a request may take to arrive; what is half-sent by then is dropped.
    max_connections : int
        Open at once; beyond, the one that has been silent longest is closed, or the new one is answered 503.
    max_waiting : int
        Requests that wait for the model; beyond, they are answered 503 with Retry-After.
    max_cache_mb : float
        Memory for what checks have said about values that come again.
    drain_seconds : float
        Time after SIGTERM in which requests are still taken, each with "Connection: close".
    max_stop_seconds : float
        Time after that for the requests under way.
    """

    # cost: of all defaults here; a request of 10,000 records of 20 columns has 4 MB and takes a second or two
    max_body_mb: float = 16.0
    max_nesting: int = 32
    max_records: int = 100_000
    max_request_seconds: float = 60.0
    max_arrival_seconds: float = 10.0
    max_connections: int = 2_048
    max_waiting: int = 1_024
    max_cache_mb: float = 64.0
    drain_seconds: float = 1.0
    max_stop_seconds: float = 30.0

    @property
    def max_body_bytes(self) -> int:
        """Size of a request's body in bytes."""
        return int(self.max_body_mb * MIB)

    @property
    def max_cache_bytes(self) -> int:
        """Memory for remembered values in bytes."""
        return int(self.max_cache_mb * MIB)
