"""Campaigns: clients on the default are invited, at a chosen pace, to set a letter password of their own."""
