"""The database on the disk: turns of writers, syncs, outages, backups, a new beginning."""
