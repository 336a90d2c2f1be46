import pytest

from tests.faults.postgres import Postgres


@pytest.fixture
def postgres():
    """A cluster of our own, started."""
    postgres = Postgres()
    postgres.start()
    yield postgres
    postgres.remove()
