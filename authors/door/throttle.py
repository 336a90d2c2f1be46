"""Counting what one address does within a time."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def is_too_many(name: str, address: str, most: int, period: int) -> bool:
    """Count once more, and say whether an address did it more than `most` times in a period.

    period: seconds. While the cache is away nobody is counted, so that nothing is lost.
    """
    key = f"{name}:{address}"
    try:
        cache.add(key, 0, period)
        return cache.incr(key) > most
    except ValueError:  # it has just run out
        return False
    except (RedisError, OSError):
        logger.exception("The cache is away: %s is not counted.", name)
        return False
