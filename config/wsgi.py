"""The WSGI application that gunicorn serves."""

import contextlib
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

from publishing.reader.rights import known_migrations

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Now, and not when somebody first asks: by then the files may be those of a newer version.
known_migrations()

if settings.MAJLIS_PUBLIC_ONLY:
    # With the wrong credentials it does not even start: publishing.reader.credentials looks at each new
    # connection. Where the database is still away it does start, and looks later.
    with contextlib.closing(connection), contextlib.suppress(DatabaseError):
        connection.ensure_connection()
