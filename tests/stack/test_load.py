"""Many visitors at once are served one after the other: none is turned away, and few connections are opened."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable

import psycopg2
import pytest

from tests.running import Stack, ports

pytestmark = pytest.mark.stack

VISITORS, PAGES_EACH = 400, 2
# Two web workers with two threads each, and the task workers beside them.
MOST_CONNECTIONS = 16
PATIENCE_S = 120


def test_four_hundred_visitors_at_once_see_no_error_and_open_few_connections(running_stack: Stack) -> None:
    statuses: Counter[object] = Counter()
    lock = threading.Lock()
    is_open = threading.Event()

    def visit() -> None:
        is_open.wait()
        for _page in range(PAGES_EACH):
            said = _status_of(running_stack.port)
            with lock:
                statuses[said] += 1

    visitors = [threading.Thread(target=visit) for _visitor in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    most = _most_connections_while(running_stack, is_open.set, lambda: any(one.is_alive() for one in visitors))
    for visitor in visitors:
        visitor.join()

    assert statuses == {200: VISITORS * PAGES_EACH}
    assert 0 < most <= MOST_CONNECTIONS


def _status_of(port: int) -> object:
    """Ask for the home page of a brand on the loopback; return the status, or what went wrong."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/de/", headers={"Host": f"volthaus.localhost:{port}"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    return answer.status


def _most_connections_while(stack: Stack, begin: Callable[[], None], goes_on: Callable[[], bool]) -> int:
    """Return how many connections of the serving login the database has seen at most."""
    counted = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'quartett_app'"
    most = 0
    watcher = psycopg2.connect(host="127.0.0.1", port=ports(stack.data)["postgres"], user="postgres", dbname="quartett")
    watcher.autocommit = True
    with watcher.cursor() as cursor:
        begin()
        while goes_on():
            cursor.execute(counted)
            most = max(most, cursor.fetchone()[0])
            threading.Event().wait(0.2)
    watcher.close()
    return most
