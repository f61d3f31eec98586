"""Alembic's revisions of the store's schema, run when a store is opened.

To change a table: change ``tables.py``, add a file ``0006_name.py`` under ``versions`` that names
the former revision in ``down_revision``, and set ``REVISION`` to the new one.
"""

REVISION = "0017_presence"
"""The revision that makes the tables of ``tables.py``; Alembic would take long to find it."""
