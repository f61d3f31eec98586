"""Protocols with two adapters or a vendor behind them."""
