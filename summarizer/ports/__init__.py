"""Protocols for services with two adapters, or with a vendor behind them."""
