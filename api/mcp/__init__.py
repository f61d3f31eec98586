"""The Model Context Protocol: incidents for assistants, as tools.

Needs the extra ``mcp``, so nothing outside this package imports it before it is asked for.
"""
