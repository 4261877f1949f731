"""Signing in through DingTalk 钉钉."""
