"""Tokens → topic models."""
