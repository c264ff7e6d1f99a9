"""Coding rules (코딩 규칙): concepts that documents have or lack."""
