"""The only place that imports a vendor; each module answers one port."""
