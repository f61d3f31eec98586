"""The database: tables, migrations, one class an aggregate."""
