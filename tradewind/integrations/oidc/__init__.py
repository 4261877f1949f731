"""Signing in through any OpenID Connect service."""
