"""The WSGI application that gunicorn serves."""

import contextlib
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from publishing.reader.rights import known_migrations  # noqa: E402 -- it needs the models, which are loaded by now

# Now, not at the first request: by then the files may be those of a newer version.
known_migrations()

if settings.MAJLIS_PUBLIC_ONLY:
    # With the wrong credentials it does not even start: publishing.reader.credentials checks each new connection. If
    # the database is unreachable it does start, and checks later.
    with contextlib.closing(connection), contextlib.suppress(DatabaseError):
        connection.ensure_connection()
