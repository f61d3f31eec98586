"""Alembic's revisions of the store's schema, run when a store is opened.

A new revision: copy the newest file under ``versions``, count its number up, name the former one
in ``down_revision``, and change ``schema.py`` alike.
"""
