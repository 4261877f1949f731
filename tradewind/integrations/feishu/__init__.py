"""Signing in through Feishu 飞书."""
