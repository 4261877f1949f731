"""Sessions as the library keeps them, read with one prepared statement: every request begins with it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from tradewind.platform.spine.prepared import prepared

_READ = """
SELECT session_key, session_data, expire_date FROM django_session
WHERE session_key = %s::text AND expire_date > statement_timestamp()
"""


class SessionStore(db.SessionStore):
    """The session behind a cookie."""

    def _get_session_from_db(self) -> Any:
        with prepared() as cursor:
            cursor.execute(_READ, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return Session(*row)
