"""The live service for a WSGI server."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from workbench.live.app import LiveApp
from workbench.live.hub import Hub
from workbench.live.settings import LiveSettings

settings = LiveSettings()
once = Retry(NoBackoff(), retries=0)  # the hub itself tries again, and tells the screens meanwhile
client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=2, retry=once)
app = LiveApp(settings, Hub(client))
